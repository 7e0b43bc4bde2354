"""The fields of forms: from what was typed to a value, or to a sentence that says what is wrong."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar

from werkzeug.datastructures import FileStorage, MultiDict

from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.kernel.i18n import number
from inspire_lms.kernel.people.names import tidy

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class WrongError(ValueError):
    """What was typed in one field is wrong; *reason* says how to mend it."""

    def __init__(self, reason: Reason) -> None:
        """Keep the reason."""
        self.reason = reason
        super().__init__(str(reason))


class Field:
    """One thing to fill in. Each kind knows how it reads what was typed."""

    kind: ClassVar[str] = "text"
    inputmode: ClassVar[str] = ""
    counted = False
    most: int | None = None

    def __init__(
        self, label: Message, *, hint: Message | None = None, optional: bool = False, autocomplete: str = "", readonly: bool = False
    ) -> None:
        """Describe the field; *readonly* shows a value that is not read again."""
        self.label, self.hint, self.optional, self.autocomplete, self.readonly = label, hint, optional, autocomplete, readonly
        self.name = self.id = ""
        self.value: Any = ""
        self.error: Reason | None = None

    def show_value(self, value: Any) -> None:  # noqa: ANN401 (whatever the field holds)
        """Show a value as if it had been typed."""
        self.value = "" if value is None else str(value)

    def typed(self, form: "MultiDict[str, str]") -> None:
        """Keep what was typed, so that it is shown again."""
        self.value = form.get(self.name, "")

    def read(self, form: "MultiDict[str, str]", _files: "MultiDict[str, FileStorage]") -> Any:  # noqa: ANN401
        """Give the value; None when an optional field is empty. Raises WrongError."""
        raw = form.get(self.name, "").strip()
        if not raw:
            if self.optional:
                return None
            raise WrongError(self.missing())
        return self.parse(raw)

    def missing(self) -> Reason:
        """Say that the field must be filled in."""
        return Reason("This is still missing.")

    def parse(self, raw: str) -> Any:  # noqa: ANN401
        """Turn what was typed into a value; as it is unless a kind says otherwise. Raises WrongError."""
        return raw


class Text(Field):
    """One line of text, tidied: no control characters, one space between words, Romanian letters with a comma below."""

    def __init__(self, label: Message, *, most: int = 200, **more: Any) -> None:  # noqa: ANN401
        """Take at most *most* characters."""
        super().__init__(label, **more)
        self.most = most

    def parse(self, raw: str) -> str:
        """Give the tidied text."""
        text = tidy(raw)
        if CONTROL.search(raw):
            raise WrongError(Reason("This contains characters that cannot be printed. Please type it again."))
        if self.most and len(text) > self.most:
            raise WrongError(Reason("Write at most {most} characters; there are {n} now.", most=self.most, n=len(text)))
        return text


class LongText(Text):
    """Several lines of text; line ends become line feeds."""

    kind = "long"

    def __init__(self, label: Message, *, most: int = 4000, rows: int = 6, counted: bool = True, **more: Any) -> None:  # noqa: ANN401
        """Take at most *most* characters; say how many are left when *counted*."""
        super().__init__(label, most=most, **more)
        self.rows, self.counted = rows, counted

    def parse(self, raw: str) -> str:
        """Give the text with its lines."""
        text = "\n".join(tidy(line) for line in raw.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        return str(super().parse(text)) if "\n" not in text else self._lines(text)

    def _lines(self, text: str) -> str:
        if CONTROL.search(text):
            raise WrongError(Reason("This contains characters that cannot be printed. Please type it again."))
        if self.most and len(text) > self.most:
            raise WrongError(Reason("Write at most {most} characters; there are {n} now.", most=self.most, n=len(text)))
        return text


class Email(Text):
    """An e-mail address."""

    kind = "email"

    def parse(self, raw: str) -> str:
        """Give the address as typed, with spaces around it removed."""
        text = str(super().parse(raw))
        if not re.fullmatch(r"[^@\s<>,;\"()\[\]\\]{1,64}@[^@\s<>,;\"()\[\]\\]+\.[^@\s.<>,;\"()\[\]\\]+", text):
            raise WrongError(Reason("Write an e-mail address, for example name@office.example."))
        return text


class Password(Field):
    """A password; never shown again, never tidied."""

    kind = "password"

    def typed(self, form: "MultiDict[str, str]") -> None:
        """Forget what was typed."""

    def read(self, form: "MultiDict[str, str]", _files: "MultiDict[str, FileStorage]") -> Any:  # noqa: ANN401
        """Give the password as typed."""
        raw = form.get(self.name, "")
        if not raw and not self.optional:
            raise WrongError(self.missing())
        return raw or None


class Whole(Field):
    """A whole number."""

    kind = "whole"
    inputmode = "numeric"

    def __init__(self, label: Message, *, least: int, most: int, **more: Any) -> None:  # noqa: ANN401
        """Take a number from *least* to *most*."""
        super().__init__(label, **more)
        self.lowest, self.highest = least, most

    def parse(self, raw: str) -> int:
        """Give the number."""
        if not re.fullmatch(r"[+-]?[0-9]{1,9}", raw):
            raise WrongError(Reason("Write a whole number, for example {example}.", example=min(self.highest, max(self.lowest, 12))))
        value = int(raw)
        if not self.lowest <= value <= self.highest:
            raise WrongError(Reason("Write a number from {least} to {most}.", least=self.lowest, most=self.highest))
        return value


class DecimalField(Field):
    """A number with decimals, typed with a comma or a point."""

    kind = "decimal"
    inputmode = "decimal"

    def __init__(self, label: Message, *, least: Decimal | int, most: Decimal | int, places: int = 2, **more: Any) -> None:  # noqa: ANN401
        """Take a number from *least* to *most* with at most *places* decimals."""
        super().__init__(label, **more)
        self.lowest, self.highest, self.places = Decimal(least), Decimal(most), places

    def show_value(self, value: Any) -> None:  # noqa: ANN401
        """Show the number as the reader writes it."""
        self.value = "" if value is None else number(value, self.places if value != int(value) else 0)

    def parse(self, raw: str) -> Decimal:
        """Give the exact number."""
        try:
            value = Decimal(raw.replace(" ", "").replace(",", "."))
        except InvalidOperation:
            raise WrongError(Reason("Write a number, for example {example}.", example=number(Decimal("7.5"), 1))) from None
        if not value.is_finite() or not self.lowest <= value <= self.highest:
            raise WrongError(Reason("Write a number from {least} to {most}.", least=self.lowest, most=self.highest))
        if value != value.quantize(Decimal(1).scaleb(-self.places)):
            raise WrongError(Reason("Write at most {places} decimals.", places=self.places))
        return value
