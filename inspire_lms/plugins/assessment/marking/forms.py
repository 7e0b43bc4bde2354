"""The forms of those who mark."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import Words
from inspire_lms.kernel.web.fields.typed import Field
from inspire_lms.kernel.web.forms import Choice, DecimalField, Form, LongText, MomentField, Whole
from inspire_lms.plugins.assessment.kinds.essay import Criterion, criteria
from inspire_lms.plugins.assessment.kinds.shape import Content

LONGEST = 4_000
"""Characters of a comment."""
LONGEST_REASON = 500


def _level(criterion: Criterion) -> Field:
    """Offer the levels of a criterion, each with its points in words."""
    options = {
        str(place): Message("{points} – {text}", points=level.points, text=_text(level.text))
        for place, level in enumerate(criterion.levels)
    }
    return Choice(_label(criterion), options=options)


def _text(text: Mapping[str, str] | Message) -> Message | Words:
    return text if isinstance(text, Message) else Words(text)


def _label(criterion: Criterion) -> Message:
    return Message("{criterion}", criterion=_text(criterion.title))


def mark_form(content: Content) -> Form:
    """Ask for a level per criterion and a comment."""
    fields: dict[str, Field] = {f"level_{each.code}": _level(each) for each in criteria(content)}
    fields["comment"] = LongText(
        Message("Comment for the author"), most=LONGEST, rows=5, optional=True, hint=Message("The author reads it with the result.")
    )
    return Form.built(fields)


def levels_of(form: Form) -> dict[str, int]:
    """Give the chosen place of each criterion."""
    return {name.removeprefix("level_"): int(value) for name, value in form.values.items() if name.startswith("level_")}


def correct_form(content: Content, kind: str, most: Decimal, points: Decimal | None) -> Form:
    """Ask for another mark and why."""
    fields: dict[str, Field] = {}
    if kind == "essay":
        fields |= {f"level_{each.code}": _level(each) for each in criteria(content)}
    else:
        fields["points"] = DecimalField(Message("Points for this answer"), least=Decimal(0), most=most, places=2)
    fields["reason"] = _reason(Message("Why the mark changes"))
    return Form.built(fields, initial={"points": points})


def late_form() -> Form:
    """Ask why a late answer shall count."""
    return Form.built({"reason": _reason(Message("Why the late answer counts"))})


def _reason(label: Message) -> LongText:
    return LongText(label, most=LONGEST_REASON, rows=3, hint=Message("It is kept with the mark and in the audit."))


def extend_form(people: Mapping[str, str], tests: Mapping[str, Words], zone: str, granted: Mapping[str, Any]) -> Form:
    """Ask who gets more time or attempts in which assessment, and why; *granted* is what is to be changed."""
    as_before = Message("All that the person has beyond the others. Left empty, it stays as granted so far.")
    return Form.built(
        {
            "person": Choice(Message("Person"), options=people, as_select=True),
            "test": Choice(Message("Test"), options=tests),
            "minutes": Whole(Message("Minutes more in each attempt"), least=0, most=600, optional=True, hint=as_before),
            "attempts": Whole(Message("Attempts more"), least=0, most=5, optional=True, hint=as_before),
            "until": MomentField(Message("Later end of the window"), zone=zone, optional=True),
            "reason": LongText(
                Message("Reason"), most=LONGEST_REASON, rows=3,
                hint=Message("For example: more time because of a disability, a failure of the connection. No health details."),
            ),
        },
        initial=granted,
    )  # fmt: skip
