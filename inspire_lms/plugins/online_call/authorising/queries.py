"""Reads about requests to superiors."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, or_, select

from inspire_lms.kernel import audit
from inspire_lms.kernel.db import once_a_page, session
from inspire_lms.plugins.online_call.authorising import rules
from inspire_lms.plugins.online_call.authorising.models import Authorisation
from inspire_lms.plugins.online_call.authorising.rules import ONE_DAY, Asked, RequestState
from inspire_lms.plugins.online_call.authorising.terms import ByLink
from inspire_lms.plugins.online_call.eligibility import Finding
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.questions import all_questions, form_of

DID_ASK = "online_call.authorisation-asked"
"""The deed by which requests of one person are counted: the record of it outlives the draft."""


def digest(token: str) -> str:
    """Give what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def by_token(token: str) -> Authorisation | None:
    """Find the request whose link or reminder has this token; None when another has replaced it."""
    kept = digest(token)
    return session.scalar(select(Authorisation).where(or_(Authorisation.digest == kept, Authorisation.reminder_digest == kept)))


def of(application_id: int) -> dict[str, Authorisation]:
    """Give the requests of an application, by question."""
    rows = session.scalars(select(Authorisation).where(Authorisation.application_id == application_id))
    return {each.question: each for each in rows}


def terms_of(application: Application) -> dict[str, ByLink]:
    """Give the questions of an application that a superior may answer by a link, with the terms."""
    return {each.code: each.link for each in all_questions(form_of(application.call.form)) if each.link}


def stand_for_files(application: Application, at: datetime) -> set[str]:
    """Give the questions that need no file at *at*, because a superior has answered or may still do so; no statement where nobody may."""
    terms = terms_of(application)
    asked = of(application.id) if terms else {}
    return {code for code, each in asked.items() if code in terms and rules.stands_for_a_file(each.asked.at(at), terms[code])}


def findings(application: Application, at: datetime) -> dict[str, Finding]:
    """Say what the requests of an application mean for its eligibility at *at*, by question."""
    terms = terms_of(application)
    asked = of(application.id) if terms else {}
    window = application.call.window
    return {
        code: rules.finding(each.asked.at(at), is_last=at >= rules.last_moment(window, terms[code]))
        for code, each in asked.items()
        if code in terms
    }


@once_a_page
def latest_of(person_id: int) -> Mapping[int, Asked]:
    """Give the latest request of each application of a person, by application."""
    columns = (Authorisation.application_id, Authorisation.state, Authorisation.times, Authorisation.asked_at, Authorisation.expires_at)
    chosen = select(*columns).join(Application, Authorisation.application_id == Application.id).where(Application.person_id == person_id)
    rows = session.execute(chosen.order_by(Authorisation.asked_at))
    return {row[0]: Asked(RequestState(row[1]), row[2], row[3], row[4]) for row in rows}


def made_by(person_id: int, at: datetime) -> int:
    """Count the requests that a person made in the day before *at*, those of deleted drafts included."""
    return sum(line.did == DID_ASK and line.at > at - ONE_DAY for line in audit.by_person(person_id))


def made_to(email: str, at: datetime) -> int:
    """Count the requests to a folded address in the day before *at*."""
    chosen = select(func.count()).where(Authorisation.email == email, Authorisation.asked_at > at - ONE_DAY)
    return session.scalar(chosen) or 0
