"""An answer that another device has overtaken: both are shown, and the applicant chooses which one is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request

from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.web.forms import Choice, Field, Form, page
from inspire_lms.plugins.online_call.applying import forms, queries
from inspire_lms.plugins.online_call.drafting import unasked, versions
from inspire_lms.plugins.online_call.drafting.saving import Saved
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.questions import Kind, Question, Section, form_of, section_of

MINE, STORED = "mine", "stored"
NAMES = "_both"
"""The field that names the questions to choose about."""
CONFLICT = 409


@dataclass(frozen=True)
class Both:
    """The two answers to one question."""

    question: Question
    stored: Any
    mine: Any
    choice: Field


def page_of(application: Application, code: str) -> Section:
    """Give a section of an application as its page shows it. Raises NotThere."""
    form = form_of(application.call.form)
    found = section_of(form, code)
    if found is None:
        raise NotThere
    return unasked.on_page(form, found, application.answers)


def choice_form(asked: Sequence[Question]) -> Form:
    """Ask for each question which answer is kept."""
    options = {MINE: Message("Keep what is written here"), STORED: Message("Keep what is stored")}
    return Form.built({f"keep-{each.code}": Choice(Message("Which one counts?"), options=options) for each in asked})


def named(section: Section) -> list[Question]:
    """Give the questions that the choice is about, as the page sent them."""
    sent = set(request.form.getlist(NAMES))
    return [each for each in section.questions if each.code in sent and each.kind is not Kind.FILE]


def written(asked: Sequence[Question]) -> Mapping[str, Any]:
    """Read once more what was written on this device; it travels with the page until it is decided about."""
    form = forms.some_of(asked)
    form.accepted()
    return form.values


def ask(application: Application, section: Section, saved: Saved, then: str) -> Any:  # noqa: ANN401 (what a view returns)
    """Show both answers to every question that was overtaken."""
    asked = [each for each in section.questions if each.code in saved.overtaken]
    return show(application, section, choice_form(asked), saved.overtaken, then=then), CONFLICT


def show(application: Application, section: Section, form: Form, stored: Mapping[str, Any], *, then: str) -> str:
    """Draw the page; what was written here goes along in hidden fields, as it was sent."""
    asked = [each for each in section.questions if f"keep-{each.code}" in {one.name for one in form.fields}]
    mine = written(asked)
    shown = [
        Both(
            question=each,
            stored=queries.shown(each, stored.get(each.code), None),
            mine=queries.shown(each, mine.get(each.code), None),
            choice=form[f"keep-{each.code}"],
        )
        for each in asked
    ]
    names = {field for each in asked for field in forms.names_of(each)}
    carried = [(name, value) for name in sorted(names) for value in request.form.getlist(name)]
    carried += [(NAMES, each.code) for each in asked]
    version = versions.told((each.code for each in asked), stored)
    drawn, _status = page(
        "online_call/both.html", form=form, application=application, section=section, both=shown, title=Words(section.title),
        carried=[*carried, ("_version", version), ("_then", then)],
    )  # fmt: skip
    return drawn
