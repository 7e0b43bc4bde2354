"""Asking a superior, and the superior's answer."""

import secrets

from sqlalchemy import select

from inspire_lms.kernel import audit, clock, i18n
from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.people.names import tidy
from inspire_lms.kernel.people.rules import folded_address, reason_against_address
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.authorising import erasing, letters, outcomes, queries, rules
from inspire_lms.plugins.online_call.authorising.models import Authorisation
from inspire_lms.plugins.online_call.authorising.rules import RequestState
from inspire_lms.plugins.online_call.authorising.terms import ByLink
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.rules import State

DEAD = Reason("This link does not work. Perhaps a newer mail has replaced it, or a part of it was lost when it was copied.")


def ask(application_id: int, question: str, *, name: str, email: str, language: str, by: int) -> str:
    """Ask a superior to answer *question* in place of a file; asking again takes the place of the request before, whose link dies.

    Gives the token of the link, which otherwise stands in the mail alone. Raises NotThere when it is not the person's own or no
    superior may answer this question, Invalid by field, Refused with the reason.
    """
    with transaction():
        application = outcomes.hold(application_id)
        terms = queries.terms_of(application).get(question)
        if application.person_id != by or terms is None:
            raise NotThere
        before = queries.of(application.id).get(question)
        _refuse(application, question, terms, before)
        named, address = tidy(name, language), folded_address(email)
        _check(named, address, language, by)
        token = secrets.token_urlsafe(32)
        asked = before or Authorisation(application_id=application.id, question=question, times=0)
        if before:
            erasing.forget_mails(Authorisation.id == before.id)
        _write(asked, application, terms, token)
        asked.name, asked.email, asked.language = named, address, language
        session.add(asked)
        session.flush()
        outcomes.settle(application, asked.asked_at)
        letters.ask(asked, token)
        _record(queries.DID_ASK, asked, by=by)
        return token


def _refuse(application: Application, question: str, terms: ByLink, before: Authorisation | None) -> None:
    is_attached = question in applying.attachments(application.id)
    asked = before.asked if before else None
    if reason := rules.why_not_ask(
        State(application.state), application.call.window, terms, asked, is_attached=is_attached, at=clock.now()
    ):
        raise Refused(reason)


def _check(name: str, address: str, language: str, by: int) -> None:
    """Look at what was written about the superior, and at how many mails went out today. Raises Invalid, Refused."""
    wrong: dict[str, Reason] = {}
    if reason := rules.why_no_name(name):
        wrong["name"] = reason
    if reason := reason_against_address(address):
        wrong["email"] = reason
    elif address == session.scalar(select(Person.email).where(Person.id == by)):
        wrong["email"] = Reason("This is your own address. Write that of the superior who can authorise you.")
    if language not in i18n.languages():
        wrong["language"] = Reason("Choose one of the options.")
    if wrong:
        raise Invalid(wrong)
    now = clock.now()
    if reason := rules.why_too_many(queries.made_by(by, now), queries.made_to(address, now)):
        raise Refused(reason)


def _write(asked: Authorisation, application: Application, terms: ByLink, token: str) -> None:
    """Make a request new: nothing of an earlier one stays but how often was asked."""
    now = clock.now()
    asked.application, asked.state, asked.times = application, RequestState.ASKED, asked.times + 1
    asked.digest, asked.reminder_digest, asked.sentence = queries.digest(token), None, Words(terms.sentence)
    asked.asked_at, asked.expires_at = now, rules.expiry(application.call.window, terms, at=now)
    asked.remind_at = rules.reminder(asked.asked_at, asked.expires_at, terms)
    asked.reminded_at, asked.answered_at, asked.note = None, None, ""


def answer(token: str, *, is_given: bool, note: str, by: int | None) -> None:
    """Give or refuse the authorisation; *by* is who happens to be signed in, None for most superiors.

    Raises Refused when the link does not work any more, or the applicant follows it.
    """
    with transaction():
        found = queries.by_token(token)
        if found is None:
            raise Refused(DEAD)
        application = outcomes.hold(found.application_id)
        # Read again: somebody may have answered, or asked anew, before the application was ours.
        session.expire_all()
        asked = queries.by_token(token)
        if asked is None:
            raise Refused(DEAD)
        now = clock.arrived()
        if reason := rules.why_not_answer(asked.asked, State(application.state), application.call.window, at=now):
            raise Refused(reason)
        if by == application.person_id:
            raise Refused(Reason("Nobody gives an authorisation to oneself. Sign out, and let your superior answer."))
        asked.state = RequestState.GIVEN if is_given else RequestState.REFUSED
        asked.answered_at, asked.note = now, note.strip()
        outcomes.settle(application, now)
        (letters.given if is_given else letters.refused)(asked)
        _record(f"online_call.authorisation-{asked.state}", asked, by=None)


def _record(did: str, asked: Authorisation, *, by: int | None) -> None:
    """Keep that it was done; who was asked is not kept here, since these lines are never erased."""
    application = asked.application
    after = {"question": asked.question, "times": asked.times}
    record = ("application", application.id)
    audit.record(did, record, by=by, after=after, cohort_id=application.cohort_id, about=application.person_id)
