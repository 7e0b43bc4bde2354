"""Reminding of a draft before the call closes: once, and only those who want it."""

from datetime import datetime, timedelta

from flask import url_for
from sqlalchemy import or_, select

from inspire_lms.kernel import clock, jobs, mail
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Message, NotThere, Reason, Refused, When
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.kernel.web.forms import Form, Tick
from inspire_lms.plugins.online_call.applying.letters import post
from inspire_lms.plugins.online_call.drafting.models import DraftReminder
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.rules import State, Window, why_not_change

REMIND = "online_call.remind_draft"
"""The kind of job that reminds one person."""


def why_too_late(window: Window, hours: int, *, at: datetime) -> Reason | None:
    """Say why no reminder can be asked for any more: the moment at which it goes out is over."""
    goes_out = window.closes_at - timedelta(hours=hours)
    if at < goes_out:
        return None
    return Reason("Reminders went out on {moment}.", moment=When(goes_out, window.zone))


def why_not(application: Application) -> Reason | None:
    """Say why the wish cannot be changed now."""
    call, now = application.call, clock.now()
    return why_not_change(State(application.state), call.window, at=now) or why_too_late(call.window, call.draft_remind_hours, at=now)


def form_of(application: Application) -> Form:
    """Ask whether somebody wants to be reminded."""
    goes_out = application.call.closes_at - timedelta(hours=application.call.draft_remind_hours)
    label = Message("Send me a mail on {moment} if this is still a draft then.", moment=When(goes_out, application.call.cohort.zone))
    action = url_for("online_call.remind", application_id=application.id)
    return Form.built({"wanted": Tick(label, optional=False)}, {"wanted": _wish(application.id) is not None}, action=action)


def choose(application_id: int, *, wanted: bool, by: int) -> None:
    """Take down whether somebody wants to be reminded of a draft. Raises NotThere, Refused when it is no draft or too late."""
    with transaction():
        draft = _held(application_id)
        if draft is None or draft.person_id != by:
            raise NotThere
        if reason := why_not(draft):
            raise Refused(reason)
        found = _wish(application_id)
        if found is not None and not wanted:
            session.delete(found)
        elif found is None and wanted:
            session.add(DraftReminder(application_id=application_id))


def look() -> None:
    """Store a job for each draft that somebody is to be reminded of now; one that fails holds no other up."""
    now = clock.now()
    with transaction():
        chosen = (
            select(Application.id, Call.closes_at, Call.draft_remind_hours, Call.cohort_id)
            .join(DraftReminder, DraftReminder.application_id == Application.id)
            .join(Call, Application.call_id == Call.id)
            .where(Application.state == State.DRAFT, Call.closes_at > now)
            .where(or_(DraftReminder.reminded_for.is_(None), DraftReminder.reminded_for != Call.closes_at))
        )
        for draft_id, closes_at, hours, cohort_id in session.execute(chosen).all():
            if closes_at - now <= timedelta(hours=hours) and is_on_for_cohort("online_call", cohort_id):
                jobs.later(REMIND, key=f"{REMIND}:{draft_id}:{closes_at:%Y%m%d%H%M%S}", application_id=draft_id)


def remind(application_id: int) -> None:
    """Remind somebody of a draft; nothing happens when it was submitted or deleted meanwhile, or the call has closed."""
    with transaction():
        draft, wish = _held(application_id), _wish(application_id)
        if draft is None or wish is None or why_not_change(State(draft.state), draft.call.window, at=clock.now()):
            return
        if wish.reminded_for != draft.call.closes_at:
            wish.reminded_for = draft.call.closes_at
            _write(draft)


def _held(application_id: int) -> Application | None:
    """Hold an application, so that it is not submitted while we remind of it."""
    chosen = select(Application).where(Application.id == application_id)
    return session.scalar(chosen.with_for_update(of=Application, key_share=True).execution_options(populate_existing=True))


def _wish(application_id: int) -> DraftReminder | None:
    chosen = select(DraftReminder).where(DraftReminder.application_id == application_id)
    return session.scalar(chosen.execution_options(populate_existing=True))


def _write(draft: Application) -> None:
    call = draft.call
    deadline = When(call.closes_at, call.cohort.zone)
    post(
        draft.person_id,
        call=call,
        key=f"online_call.draft-reminder:{draft.id}:{call.closes_at:%Y%m%d%H%M%S}",
        subject=Message("Your application is still a draft"),
        lines=(
            Message("You have begun an application and not submitted it. A draft takes no part in the selection."),
            Message("It can be submitted until {deadline}, by the clock of our server.", deadline=deadline),
            Message("You get this mail, once, because you asked to be reminded."),
        ),
        facts=((Message("Call"), call.title),),
        button=(Message("Go on with your draft"), mail.link("online_call.follow", application_id=draft.id)),
    )
