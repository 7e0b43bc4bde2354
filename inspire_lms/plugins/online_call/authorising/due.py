"""What the clock does to requests: one reminder to the superior, and the end of a link."""

import secrets

from sqlalchemy import or_, select

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.plugins.online_call.authorising import letters, outcomes, queries, rules
from inspire_lms.plugins.online_call.authorising.models import Authorisation
from inspire_lms.plugins.online_call.authorising.rules import RequestState
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.rules import State

REMIND, EXPIRE = "online_call.remind_superior", "online_call.expire_request"
"""The kinds of jobs that remind one superior, and that let one request expire."""


def look() -> None:
    """Store a job for each request whose superior is to be reminded, or whose link has died; one that fails holds no other up."""
    now = clock.now()
    with transaction():
        waits = Authorisation.reminded_at.is_(None) & (Authorisation.remind_at <= now)
        due = select(Authorisation.id, Authorisation.digest, Authorisation.expires_at).where(
            Authorisation.state == RequestState.ASKED, or_(Authorisation.expires_at <= now, waits)
        )
        for authorisation_id, digest, expires_at in session.execute(due).all():
            kind = EXPIRE if expires_at <= now else REMIND
            jobs.later(kind, key=f"{kind}:{digest[:40]}", authorisation_id=authorisation_id)


def remind(authorisation_id: int) -> None:
    """Remind a superior once, with a link of its own; nothing happens when the request was answered or died meanwhile."""
    with transaction():
        held = _held(authorisation_id)
        if held is None or held[0].reminded_at is not None:
            return
        asked, application = held
        now = clock.now()
        # Meanwhile somebody else may have been asked, whose own time has not come.
        if asked.remind_at is None or asked.remind_at > now:
            return
        if rules.why_not_answer(asked.asked, State(application.state), application.call.window, at=now):
            return
        token = secrets.token_urlsafe(32)
        asked.reminded_at, asked.reminder_digest = now, queries.digest(token)
        session.flush()
        letters.remind(asked, token)


def expire(authorisation_id: int) -> None:
    """Let a request expire whose link has died, and tell the applicant; done again it only lets the rules look again.

    They do so once more at the last moment, since until then the applicant may ask again.
    """
    with transaction():
        held = _held(authorisation_id)
        if held is None:
            return
        asked, application = held
        now, window = clock.now(), application.call.window
        if asked.asked.at(now) is not RequestState.EXPIRED:
            return
        if asked.state == RequestState.ASKED:
            asked.state = RequestState.EXPIRED
            session.flush()
            is_over = application.state == State.DRAFT and now >= window.closes_at
            if application.state != State.WITHDRAWN and not is_over:
                letters.expired(asked)
        outcomes.settle(application, now)
        terms = queries.terms_of(application).get(asked.question)
        if terms is not None and now < (last := rules.last_moment(window, terms)):
            jobs.later(EXPIRE, key=f"{EXPIRE}:{asked.digest[:40]}:last", at=last, authorisation_id=asked.id)


def _held(authorisation_id: int) -> tuple[Authorisation, Application] | None:
    """Hold the application of a request and load the request afresh; None when it is gone."""
    application_id = session.scalar(select(Authorisation.application_id).where(Authorisation.id == authorisation_id))
    if application_id is None:
        return None
    application = outcomes.hold(application_id)
    asked = session.get(Authorisation, authorisation_id, populate_existing=True)
    return (asked, application) if asked else None
