"""The tables of those who mark and of a cohort's results."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import url_for

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import _, number, percent, when
from inspire_lms.kernel.programmes.queries import Member
from inspire_lms.kernel.web.tables import Cell, Column, Table
from inspire_lms.plugins.assessment import grading
from inspire_lms.plugins.assessment.attempt.queries import Stand
from inspire_lms.plugins.assessment.marking.progress import Granted, Progress, Sitting, gains
from inspire_lms.plugins.assessment.marking.queries import Waiting
from inspire_lms.plugins.assessment.rules import Purpose, State


def in_order(stands: Sequence[Stand]) -> list[Stand]:
    """Put the newest cohort first; within a cohort the order of its edition stays."""
    return sorted(stands, key=lambda each: -each.cohort_id)


def queue(waiting: Sequence[Waiting]) -> Table:
    """List essays by their signs."""
    columns = (Column("sign", Message("Essay")), Column("title", Message("Task")), Column("country", Message("Country")))
    rows = [
        {
            "sign": Cell(each.sign, url_for("assessment.mark", response_id=each.id)),
            "title": each.title,
            "country": each.country_name,
        }
        for each in waiting
    ]
    empty = Message("No essay waits. New ones come here when they are handed in.")
    return Table(columns, rows, caption=Message("Essays without a mark"), empty=empty)


def results(
    members: Sequence[Member], sittings: Sequence[Sitting], rows: Sequence[Progress], *, may_review: bool = False, is_file: bool = False
) -> Table:
    """Give the best result of each person in each assessment, and the gain; a file has addresses and attempts too."""
    gained = gains(rows)
    tried: dict[tuple[int, str], list[Progress]] = {}
    for one in rows:
        tried.setdefault((one.person_id, one.code), []).append(one)
    lines = []
    for member in members:
        line: dict[str, Any] = {"name": member.name, "email": member.email, "gain": _gain(gained.get(member.person_id), is_file=is_file)}
        for each in sittings:
            made = tried.get((member.person_id, each.code), [])
            line[each.code] = _plain(made) if is_file else _cell(made, may_review=may_review, about=member.name)
            line[f"{each.code} attempts"] = len(made)
        lines.append(line)
    caption, empty = Message("Best results by person"), Message("Nobody is enrolled yet.")
    return Table(_columns(sittings, is_file=is_file), lines, caption=caption, empty=empty)


def _columns(sittings: Sequence[Sitting], *, is_file: bool) -> list[Column]:
    columns = [Column("name", Message("Name"))]
    if is_file:
        columns.append(Column("email", Message("E-mail address")))
    for each in sittings:
        columns.append(Column(each.code, each.title.text(), kind="num"))
        if is_file:
            columns.append(Column(f"{each.code} attempts", _("{title}: attempts", title=each.title), kind="num"))
    return [*columns, Column("gain", Message("Gain"), kind="num")]


def _gain(value: Decimal | None, *, is_file: bool) -> Any:  # noqa: ANN401 (what a cell takes)
    return value if is_file or value is None else number(value, 2)


def _best(made: Sequence[Progress]) -> Progress | None:
    graded = [each for each in made if each.percent is not None]
    return max(graded, key=lambda each: (each.percent or Decimal(0), -each.number)) if graded else None


def _plain(made: Sequence[Progress]) -> Decimal | None:
    best = _best(made)
    return best.percent.quantize(grading.CENT) if best and best.percent is not None else None


def _cell(made: Sequence[Progress], *, may_review: bool, about: str) -> Any:  # noqa: ANN401
    best = _best(made)
    if best is None or best.percent is None:
        if not made:
            return Cell(_("not started"), shade="off")
        waits = any(each.state == State.SUBMITTED for each in made)
        return Cell(_("waits for its mark") if waits else _("running"), status="half" if waits else "now")
    href = url_for("assessment.review", attempt_id=best.attempt_id) if may_review else None
    passed = grading.is_passed(best.percent, best.pass_mark)
    status = None if best.pass_mark is None else "ok" if passed else "bad"
    word = None if best.pass_mark is None else _("passed") if passed else _("not passed")
    return Cell(percent(best.percent, mark=best.pass_mark), href, status, note=word, about=about if href else None)


def outcome(rows: Sequence[Progress]) -> tuple[int, int]:
    """Count who took the final test and who passed it, at whichever attempt."""
    finals = [each for each in rows if each.purpose == Purpose.FINAL and each.percent is not None]
    passed = {each.person_id for each in finals if each.percent is not None and grading.is_passed(each.percent, each.pass_mark)}
    return len({each.person_id for each in finals}), len(passed)


def facts(rows: Sequence[Progress]) -> list[tuple[Any, ...]]:
    """Say in figures how the cohort did."""
    first = [each for each in rows if each.purpose == Purpose.FINAL and each.number == 1 and each.percent is not None]
    passed = sum(each.percent is not None and grading.is_passed(each.percent, each.pass_mark) for each in first)
    middle = grading.middle(gains(rows).values())
    return [
        (Message("Took the final test"), str(len(first)), ""),
        (Message("Passed at the first attempt"), str(passed), ""),
        (Message("Learning gain, median"), _("none yet") if middle is None else number(middle, 2), Message("1 is all that was possible")),
    ]


def granted(cohort_id: int, rows: Sequence[Granted], names: Mapping[str, str]) -> Table:
    """List what was granted to single persons, each with a way to change it."""
    change = Message("Change")
    columns = (
        Column("name", Message("Name")),
        Column("test", Message("Test")),
        Column("minutes", Message("Minutes more"), kind="num"),
        Column("attempts", Message("Attempts more"), kind="num"),
        Column("until", Message("Until")),
        Column("reason", Message("Reason")),
        Column("change", Message("Change")),
    )
    lines = [
        {
            "name": names.get(str(each.person_id), ""), "test": each.title, "minutes": each.minutes, "attempts": each.attempts,
            "until": when(each.until, style="short") if each.until else "", "reason": each.reason,
            "change": Cell(change, _to_extend(cohort_id, each), about=names.get(str(each.person_id), "")),
        }
        for each in rows
    ]  # fmt: skip
    return Table(columns, lines, caption=Message("Granted so far"), empty=Message("Nobody has been granted more than the others."))


def _to_extend(cohort_id: int, each: Granted) -> str:
    return url_for("assessment.extend", cohort_id=cohort_id, person=each.person_id, test=each.window_id)
