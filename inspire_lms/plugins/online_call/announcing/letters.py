"""Telling those who write an application, or have submitted one, what changed in the notice; and saying before, how many they are."""

from sqlalchemy import ColumnElement, func, select

from inspire_lms.contracts.editions import LoadEffects
from inspire_lms.kernel import clock, jobs, mail
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Message, NotThere, When, counted
from inspire_lms.kernel.i18n import show
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.plugins.online_call.announcing import queries
from inspire_lms.plugins.online_call.announcing.actions import TELL
from inspire_lms.plugins.online_call.announcing.models import NoticeVersion
from inspire_lms.plugins.online_call.announcing.queries import Step
from inspire_lms.plugins.online_call.announcing.snapshot import HELD
from inspire_lms.plugins.online_call.announcing.told import told
from inspire_lms.plugins.online_call.applying import queries as calls
from inspire_lms.plugins.online_call.applying.letters import post
from inspire_lms.plugins.online_call.models import Application, Call
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
        chosen = select(Application).where(*whom(call), Application.id > above)
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


def whom(call: Call) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Choose the applications whose owners are told of a change now; who never submitted is not told when the call has closed."""
    states = SUBMITTED if call.window.phase(clock.now()) is Phase.CLOSED else (State.DRAFT, *SUBMITTED)
    return Application.call_id == call.id, Application.state.in_(states)


def effects(asked: LoadEffects) -> tuple[str, ...]:
    """Say of each country whose notice a loading has changed which version it gets and how many people are told."""
    found = (calls.call_of_cohort(cohort.id) for cohort in programmes.cohorts(asked.edition_id))
    return tuple(show(said) for call in found if call is not None for said in _of(call, asked))


def _of(call: Call, asked: LoadEffects) -> tuple[Message, ...]:
    version = queries.latest(call.id)
    if version is None or version.number == 1 or version.published_at < asked.since:
        return ()
    (step,) = [each for each in queries.steps(queries.versions(call.id)) if each.version.id == version.id]
    named = {"country": call.cohort.country_name, "number": version.number}
    is_told = call.window.phase(asked.since) is not Phase.BEFORE and {each.path[0] for each in step.changes} != {HELD}
    if not is_told:
        return (Message("{country}: the notice gets version {number}. Nobody is written to.", **named),)
    people = session.execute(select(func.count()).where(*whom(call))).scalar_one()
    return (
        counted(
            "{country}: the notice gets version {number}, and {n} person is told by mail what changed.",
            "{country}: the notice gets version {number}, and {n} people are told by mail what changed.",
            n=people, **named,
        ),
    )  # fmt: skip
