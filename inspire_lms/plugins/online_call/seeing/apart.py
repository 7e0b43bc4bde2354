"""Answers that are for the coordinator of the country alone: who else works in the committee room does not read them."""

from inspire_lms.plugins.online_call.looking.actions import office_of
from inspire_lms.plugins.online_call.looking.models import Office
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.questions import all_questions, form_of


def kept_apart(call: Call) -> frozenset[str]:
    """Give the questions whose answers only a coordinator of the country reads."""
    return frozenset(each.code for each in all_questions(form_of(call.form)) if each.is_private)


def not_for(person_id: int, call: Call) -> frozenset[str]:
    """Give the questions whose answers a person does not read, who may work in the room: none for a coordinator of the country.

    An administrator may do everything there, since somebody has to when a country has no coordinator, but needs none of these answers
    for it.
    """
    return frozenset() if office_of(person_id, call) is Office.COORDINATOR else kept_apart(call)


def readable(person_id: int, call: Call) -> frozenset[str]:
    """Give the questions whose answers a person reads who may work in the room."""
    return frozenset(each.code for each in all_questions(form_of(call.form))) - not_for(person_id, call)
