"""Calls in which a superior may authorise by a link, and requests that are valid by default; say in `but` what matters to the case."""

from dataclasses import replace

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.applying import actions as applying
from inspire_lms.plugins.online_call.authorising import actions
from inspire_lms.plugins.online_call.authorising.models import Authorisation
from inspire_lms.plugins.online_call.authorising.terms import ByLink
from inspire_lms.plugins.online_call.eligibility import Check
from inspire_lms.plugins.online_call.models import Application
from tests.builders import a_person, words
from tests.plugins.online_call.builders import ANSWERS, OPEN, a_call, a_form, a_rule

QUESTION = "authorisation"
SUPERIOR = {"name": "Dott.ssa Beatrice Colonna", "email": "beatrice.colonna@comune.example", "language": "it"}


def terms(**but):
    facts = {"sentence": words("I authorise it"), "days": 10, "days_after": 3, "times": 3, "remind_hours": 48, "may_submit_open": True}
    return ByLink(**facts | but)


def a_linked_call(country="IT", *, cohort=None, **but):
    """A call whose authorisation is a file or the word of a superior, and a rule that asks for it."""
    work, motivation = a_form()
    questions = tuple(replace(each, link=terms(**but)) if each.code == QUESTION else each for each in motivation.questions)
    rules = (a_rule("employed", Check.ONE_OF, "employed", "yes"), a_rule("authorised", Check.AUTHORISED, QUESTION))
    return a_call(country, cohort=cohort, form=(work, replace(motivation, questions=questions)), eligibility=rules)


def a_draft_without_a_file(call, person=None, *, at=OPEN, **answers):
    """A draft in which only the authorisation is missing."""
    call_id, by = call.id, (person or a_person()).id
    with clock.frozen(at):
        application_id = applying.begin(call_id, by=by)
        applying.save(application_id, ANSWERS | answers, by=by)
    return session.get(Application, application_id)


def ask(application, *, at=OPEN, question=QUESTION, by=None, **but):
    """Ask the superior; gives the token of the link."""
    application_id, by = application.id, by or application.person_id
    with clock.frozen(at):
        return actions.ask(application_id, question, by=by, **SUPERIOR | but)


def answer(token, *, at=OPEN, is_given=True, note="", by=None):
    with clock.frozen(at):
        actions.answer(token, is_given=is_given, note=note, by=by)


def submit(application, *, at=OPEN):
    application_id, by = application.id, application.person_id
    with clock.frozen(at):
        applying.submit(application_id, by=by)
    return session.get(Application, application_id)


def request_of(application_id):
    """The request of an application as it is stored now; None when there is none."""
    session.rollback()
    return session.query(Authorisation).filter_by(application_id=application_id).one_or_none()
