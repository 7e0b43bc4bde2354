"""Forms: declared or built, filled from the request, and shown again with what was typed."""

import copy
import re
from collections.abc import Callable, Mapping
from typing import Any, Self

from flask import render_template, request

from inspire_lms.kernel.errors import Invalid, Message, Reason, Refused
from inspire_lms.kernel.web.fields.picked import Choice, Choices, DayField, Kept, MomentField, Tick, Upload
from inspire_lms.kernel.web.fields.typed import DecimalField, Email, Field, LongText, Password, Text, Whole, WrongError

__all__ = [
    "Choice", "Choices", "DayField", "DecimalField", "Email", "Field", "Form", "Kept", "LongText", "Message",
    "MomentField", "Password", "Text", "Tick", "Upload", "Whole", "WrongError", "asked_number", "page",
]  # fmt: skip

NUMBER = "[0-9]{1,9}"
"""Numbers that addresses and forms may name: those that the columns of both engines take."""
UNPROCESSABLE, CONFLICT = 422, 409


class Form:
    """Fields declared as class attributes, in their order; or built from a mapping with Form.built()."""

    id = "form"

    def __init__(
        self, initial: Mapping[str, Any] | None = None, options: Mapping[str, Mapping[str, Any]] | None = None, *, action: str = ""
    ) -> None:
        """Show *initial* until something is typed; *options* gives the choices of fields that declare none."""
        declared = {name: each for kind in reversed(type(self).__mro__) for name, each in vars(kind).items() if isinstance(each, Field)}
        self.take(declared, initial or {}, options or {})
        self.action = action

    @classmethod
    def built(cls, fields: Mapping[str, Field], initial: Mapping[str, Any] | None = None, *, action: str = "") -> Self:
        """Make a form of fields that are data."""
        form = cls.__new__(cls)
        form.take(fields, initial or {}, {})
        form.action = action
        return form

    def take(self, fields: Mapping[str, Field], initial: Mapping[str, Any], options: Mapping[str, Mapping[str, Any]]) -> None:
        """Make own copies of *fields* and show *initial* in them."""
        self._fields: dict[str, Field] = {}
        self.values: dict[str, Any] = {}
        self.general: list[Reason] = []
        self.status = 200
        for name, declared in fields.items():
            each = self._fields[name] = copy.copy(declared)
            each.name, each.id, each.error = name, f"f-{name}", None
            if name in options and isinstance(each, Choice):
                each.choices = options[name]
            each.show_value(initial.get(name))

    def __getitem__(self, name: str) -> Field:
        """Give a field."""
        return self._fields[name]

    @property
    def fields(self) -> list[Field]:
        """List the fields in their order."""
        return list(self._fields.values())

    @property
    def multipart(self) -> bool:
        """Say whether the form sends files."""
        return any(each.kind == "upload" for each in self.fields)

    @property
    def is_refused(self) -> bool:
        """Say whether something was wrong."""
        return bool(self.general) or any(each.error for each in self.fields)

    @property
    def errors(self) -> list[tuple[str, Message | None, Reason]]:
        """List what is wrong: the id of the field (empty for the form as a whole), its label, the reason."""
        return [("", None, reason) for reason in self.general] + [(each.id, each.label, each.error) for each in self.fields if each.error]

    def accepted(self) -> bool:
        """Read what was sent. True when there is something to do: a POST, all of it right, and more than a change of language."""
        if request.method != "POST":
            return False
        writable = [each for each in self.fields if not each.readonly]
        for each in writable:
            each.typed(request.form)
        if "_language" in request.form:
            return False
        for each in writable:
            try:
                self.values[each.name] = each.read(request.form, request.files)
            except WrongError as wrong:
                each.error = wrong.reason
        if self.is_refused:
            self.status = UNPROCESSABLE
        return not self.is_refused

    def perform(self, deed: Callable[[], Any]) -> bool:
        """Do *deed*; True when it was done. What it refuses is shown in the form, beside what was typed."""
        try:
            deed()
        except Invalid as wrong:
            for name, reason in wrong.reasons.items():
                self.refuse(name, reason)
            self.status = UNPROCESSABLE
        except Refused as no:
            self.general.append(no.reason)
            self.status = CONFLICT
        return not self.is_refused

    def refuse(self, name: str, reason: Reason) -> None:
        """Say that a field is wrong, or the form as a whole when there is no such field."""
        if name in self._fields:
            self._fields[name].error = reason
        else:
            self.general.append(reason)


def asked_number(given: Mapping[str, str], name: str, default: int = 0) -> int:
    """Read the number *name* of an address or a form; *default* when there is none, or one that nothing can have."""
    raw = given.get(name, "")
    return int(raw) if re.fullmatch(NUMBER, raw) else default


def page(template: str, *, form: Form | None = None, **shown: Any) -> tuple[str, int]:  # noqa: ANN401 (what the template shows)
    """Draw a page; one with a refused form has the status that says so."""
    return render_template(template, form=form, **shown), form.status if form else 200
