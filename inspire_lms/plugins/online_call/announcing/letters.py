"""Telling those who write an application, or have submitted one, what changed in the notice."""

from sqlalchemy import select

from inspire_lms.kernel import clock, jobs, mail
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Message, NotThere, When
from inspire_lms.plugins.online_call.announcing import queries
from inspire_lms.plugins.online_call.announcing.actions import TELL
from inspire_lms.plugins.online_call.announcing.models import NoticeVersion
from inspire_lms.plugins.online_call.announcing.queries import Step
from inspire_lms.plugins.online_call.announcing.told import told
from inspire_lms.plugins.online_call.applying.letters import post
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.rules import Phase, State

AT_ONCE = 100
"""Letters that are written in one transaction."""
SUBMITTED = (State.SUBMITTED, State.ELIGIBLE)
"""Who is told beside those who still write: whose application takes part."""


def tell(version_id: int, above: int) -> None:
    """Write to the next applicants in the order of their applications; the work of TELL. Done twice it is done once."""
    with transaction():
        version = session.get(NoticeVersion, version_id)
        if version is None:
            raise NotThere
        call = version.call
        states = SUBMITTED if call.window.phase(clock.now()) is Phase.CLOSED else (State.DRAFT, *SUBMITTED)
        chosen = select(Application).where(Application.call_id == call.id, Application.state.in_(states), Application.id > above)
        some = session.scalars(chosen.order_by(Application.id).limit(AT_ONCE)).all()
        step = next(one for one in queries.steps(queries.versions(call.id)) if one.version.id == version.id)
        for application in some:
            _write(application, step)
        if len(some) == AT_ONCE:
            last = some[-1].id
            jobs.later(TELL, key=f"{TELL}:{version_id}:{last}", version_id=version_id, above=last)


def _write(application: Application, step: Step) -> None:
    call, version = application.call, step.version
    is_draft = application.state == State.DRAFT
    lines = [
        Message("The notice of the call for which you apply has a new version. What changed stands below.")
        if is_draft
        else Message("The notice of the call for which you have applied has a new version. What changed stands below.")
    ]
    if version.reason:
        lines.append(Message("The reason: {reason}", reason=version.reason))
    if is_draft:
        deadline = When(call.closes_at, call.cohort.zone)
        lines.append(Message("Your draft is kept. The last moment to submit it is {deadline}.", deadline=deadline))
    else:
        lines.append(Message("Your application stays as it is; you need not do anything. You may withdraw it on its page."))
    facts = tuple((one.what, one.in_a_mail) for one in told(step))
    post(
        application.person_id,
        call=call,
        key=f"online_call.notice-changed:{version.id}:{application.id}",
        subject=Message("The notice has changed: {call}", call=call.title),
        lines=tuple(lines),
        facts=facts,
        button=(Message("See what changed"), mail.link("online_call.notice_version", cohort_id=call.cohort_id, number=version.number)),
    )
