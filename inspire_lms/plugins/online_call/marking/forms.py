"""The form of an evaluation, and of abstaining from one."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from werkzeug.datastructures import FileStorage, MultiDict

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.forms import Choice, DecimalField, Field, Form, LongText
from inspire_lms.plugins.online_call.marking.queries import Marked, scale_of
from inspire_lms.plugins.online_call.marking.scales import WHY, Scale, named
from inspire_lms.plugins.online_call.models import Call, Criterion

COMMENT = "_comment"
"""The field of the comment; no criterion can be called so."""


class AbstainForm(Form):
    """Declining to judge one application, without a conflict of interest."""

    id = "abstain"
    why = LongText(
        Message("Why you abstain"), hint=Message("In a few words, for the committee. The applicant does not read it."), most=500, rows=3
    )


class Typed(NamedTuple):
    """What an evaluator has typed."""

    marks: dict[str, Decimal]
    reasons: dict[str, str]
    comment: str


class _SometimesNeeded(LongText):
    """A text that may be left empty here: whether it is needed depends on the points, and the rule says so."""

    def read(self, form: "MultiDict[str, str]", _files: "MultiDict[str, FileStorage]") -> str:
        raw = form.get(self.name, "").strip()
        return self.parse(raw) if raw else ""


class _Levels(Choice):
    """One of the labelled levels; gives its points."""

    def show_value(self, value: Any) -> None:  # noqa: ANN401 (points, or nothing)
        self.value = "" if value is None else _code(value)

    def read(self, form: "MultiDict[str, str]", files: "MultiDict[str, FileStorage]") -> Decimal:
        return Decimal(super().read(form, files))


def marks_form(call: Call, criteria: Sequence[Criterion], given: Mapping[str, Marked], comment: str) -> Form:
    """Make the form of an evaluation: points or a level for each criterion, a reason where extremes need one, and a comment."""
    fields: dict[str, Field] = {}
    for each in criteria:
        scale = scale_of(each)
        fields[each.code] = _levels(each, scale) if scale.levels else _points(each)
        if call.explains_extremes:
            fields[WHY + each.code] = _why(each, scale)
    fields[COMMENT] = LongText(Message("Comment for the committee"), most=2000, rows=4, optional=True)
    initial = {code: mark.points for code, mark in given.items()} | {WHY + code: mark.reason for code, mark in given.items()}
    return Form.built(fields, initial={**initial, COMMENT: comment})


def typed(form: Form) -> Typed:
    """Part what was typed into points, reasons and comment."""
    values = form.values
    reasons = {name.removeprefix(WHY): text for name, text in values.items() if name.startswith(WHY)}
    marks = {name: each for name, each in values.items() if not name.startswith("_")}
    return Typed(marks, reasons, values[COMMENT] or "")


def _points(criterion: Criterion) -> Field:
    label = (
        Message("{criterion}, from 0 to {most} points", criterion=criterion.title, most=criterion.weight)
        if criterion.counts
        else Message("{criterion}, from 0 to {most} points beside the total", criterion=criterion.title, most=criterion.weight)
    )
    return DecimalField(label, hint=_hint(criterion), least=0, most=criterion.weight, places=1)


def _levels(criterion: Criterion, scale: Scale) -> Field:
    label = (
        Message("{criterion}, at most {most} points", criterion=criterion.title, most=criterion.weight)
        if criterion.counts
        else Message("{criterion}, at most {most} points beside the total", criterion=criterion.title, most=criterion.weight)
    )
    return _Levels(label, hint=_hint(criterion), options={_code(level.points): named(level) for level in scale.levels})


def _why(criterion: Criterion, scale: Scale) -> Field:
    least, most = scale.extremes
    return _SometimesNeeded(
        Message("Your reason for “{criterion}”", criterion=criterion.title),
        hint=Message(
            "Needed when you give {least} or {most} points. The committee reads it, the applicant does not.", least=least, most=most
        ),
        most=600,
        rows=2,
    )


def _hint(criterion: Criterion) -> Message:
    return Message("{words}", words=criterion.about)


def _code(points: Decimal) -> str:
    return f"{points:.1f}"
