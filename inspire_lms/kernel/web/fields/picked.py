"""Fields in which something is picked: one of several, a day, a moment, a file."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import FileStorage, MultiDict

from inspire_lms.kernel.clock import aware
from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.kernel.files import LARGEST, PDF
from inspire_lms.kernel.web.fields.typed import Field, WrongError

DAY_PARTS = ("day", "month", "year")


@dataclass
class Kept:
    """The file that an upload field has already."""

    name: str
    size: int
    """Bytes."""
    href: str = ""
    remove: str = ""
    """Address of a POST that removes it; empty when it stays."""


class Choice(Field):
    """One of several; radio buttons, or a list when *as_select*."""

    kind = "choice"

    def __init__(self, label: Message, *, options: Mapping[str, Any] | None = None, as_select: bool = False, **more: Any) -> None:  # noqa: ANN401
        """Offer *options*, code to label; they may also be given when the form is made."""
        super().__init__(label, **more)
        self.choices: Mapping[str, Any] = options or {}
        self.kind = "select" if as_select else "choice"  # type: ignore[misc]  # each field of this class may differ

    @property
    def options(self) -> list[tuple[str, Any]]:
        """List code and label."""
        return list(self.choices.items())

    def missing(self) -> Reason:
        """Say that one must be chosen."""
        return Reason("Choose one.")

    def parse(self, raw: str) -> str:
        """Give the code."""
        if raw not in self.choices:
            raise WrongError(Reason("Choose one of those offered."))
        return raw


class Choices(Choice):
    """Any number of several."""

    kind = "choices"

    def __init__(self, label: Message, *, options: Mapping[str, Any] | None = None, **more: Any) -> None:  # noqa: ANN401
        """Offer *options*, code to label."""
        super().__init__(label, options=options, **more)
        self.kind = "choices"  # type: ignore[misc]
        self.value: list[str] = []

    def show_value(self, value: Any) -> None:  # noqa: ANN401
        """Tick what was chosen."""
        self.value = list(value or [])

    def typed(self, form: "MultiDict[str, str]") -> None:
        """Keep what was ticked."""
        self.value = form.getlist(self.name)

    def read(self, form: "MultiDict[str, str]", _files: "MultiDict[str, FileStorage]") -> list[str]:
        """Give the codes in the order of the options."""
        ticked = set(form.getlist(self.name))
        if not ticked and not self.optional:
            raise WrongError(Reason("Choose at least one."))
        if ticked - set(self.choices):
            raise WrongError(Reason("Choose among those offered."))
        return [code for code in self.choices if code in ticked]


class Tick(Field):
    """A box to tick."""

    kind = "tick"

    def __init__(self, label: Message, *, must: Reason | None = None, **more: Any) -> None:  # noqa: ANN401
        """With *must* the box has to be ticked, and *must* says why."""
        super().__init__(label, **({"optional": must is None} | more))
        self.must = must

    def show_value(self, value: Any) -> None:  # noqa: ANN401
        """Tick the box for a true value."""
        self.value = "yes" if value else ""

    def read(self, form: "MultiDict[str, str]", _files: "MultiDict[str, FileStorage]") -> bool:
        """Say whether the box was ticked."""
        ticked = form.get(self.name, "") == "yes"
        if self.must and not ticked:
            raise WrongError(self.must)
        return ticked


class DayField(Field):
    """A day, typed as day, month and year."""

    kind = "day"
    years = range(2000, 2101)
    """Years that are taken: those of a course, so that 26 is not read as the year 26."""

    @property
    def parts(self) -> dict[str, str]:
        """Give what was typed in each of the three inputs."""
        return dict(zip(DAY_PARTS, self.value or ("", "", ""), strict=True))

    def show_value(self, value: Any) -> None:  # noqa: ANN401
        """Show a date."""
        self.value = () if value is None else (str(value.day), str(value.month), str(value.year))

    def typed(self, form: "MultiDict[str, str]") -> None:
        """Keep the three inputs."""
        self.value = tuple(form.get(f"{self.name}_{part}", "").strip() for part in DAY_PARTS)

    def read(self, form: "MultiDict[str, str]", _files: "MultiDict[str, FileStorage]") -> Any:  # noqa: ANN401
        """Give the date; says which day does not exist."""
        self.typed(form)
        if not any(self.value):
            if self.optional:
                return None
            raise WrongError(self.missing())
        if not all(re.fullmatch("[0-9]{1,4}", part) for part in self.value):
            raise WrongError(Reason("Write day, month and year in figures, for example 15 9 2026."))
        day, month, year = (int(part) for part in self.value)
        if year not in self.years:
            first, last = str(self.years[0]), str(self.years[-1])
            raise WrongError(Reason("Write the year with four digits, from {first} to {last}.", first=first, last=last))
        try:
            return date(year, month, day)
        except ValueError:
            raise WrongError(Reason("The date {date} does not exist.", date=f"{day}/{month}/{year}")) from None


class MomentField(DayField):
    """A day and a time on the clocks of a zone."""

    kind = "moment"

    def __init__(self, label: Message, *, zone: str, **more: Any) -> None:  # noqa: ANN401
        """Read the time in *zone*, an IANA name."""
        super().__init__(label, **more)
        self.zone = zone
        self.time = ""

    def show_value(self, value: Any) -> None:  # noqa: ANN401
        """Show a moment on the zone's clocks."""
        if value is None:
            self.value, self.time = (), ""
            return
        local = value.astimezone(ZoneInfo(self.zone))
        super().show_value(local)
        self.time = f"{local:%H:%M}"

    def typed(self, form: "MultiDict[str, str]") -> None:
        """Keep day and time."""
        super().typed(form)
        self.time = form.get(f"{self.name}_time", "").strip()

    def read(self, form: "MultiDict[str, str]", files: "MultiDict[str, FileStorage]") -> Any:  # noqa: ANN401
        """Give the moment in UTC."""
        day = super().read(form, files)
        if day is None:
            return None
        found = re.fullmatch(r"([0-9]{1,2})[:.]([0-9]{2})", self.time)
        if not found or int(found[1]) > 23 or int(found[2]) > 59:  # noqa: PLR2004 (hours and minutes)
            raise WrongError(Reason("Write the time in hours and minutes, for example 14:30."))
        try:
            return aware(datetime.combine(day, time(int(found[1]), int(found[2]))), self.zone)
        except ValueError as error:
            raise WrongError(error.args[0]) from None


class Upload(Field):
    """A file. Its kind and size are checked when it is kept."""

    kind = "upload"

    def __init__(
        self,
        label: Message,
        *,
        allow: tuple[str, ...] = (PDF,),
        most_bytes: int = LARGEST,
        kept: Kept | None = None,
        **more: Any,  # noqa: ANN401 (passed on as it is)
    ) -> None:
        """Offer files of the kinds in *allow*; *kept* is the file that is there already."""
        super().__init__(label, **more)
        self.allow, self.most_bytes, self.kept = allow, most_bytes, kept

    @property
    def accept(self) -> str:
        """Give the kinds as the browser wants them."""
        return ",".join(self.allow)

    def typed(self, form: "MultiDict[str, str]") -> None:
        """Forget the file: a browser sends it only once."""

    def read(self, _form: "MultiDict[str, str]", files: "MultiDict[str, FileStorage]") -> FileStorage | None:
        """Give the file; None when there is none and none is needed."""
        sent = files.get(self.name)
        if sent is None or not sent.filename:
            if self.optional or self.kept:
                return None
            raise WrongError(Reason("Choose a file."))
        return sent
