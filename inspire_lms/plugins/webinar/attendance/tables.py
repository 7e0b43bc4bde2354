"""The register and the grid as tables: for pages, and for files that spreadsheets open."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import url_for

from inspire_lms.kernel import charts, i18n
from inspire_lms.kernel.charts import Bar, Chart
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.tables import Cell, Column, Table
from inspire_lms.plugins.webinar.attendance.register import Connection, Register, RegisterLine
from inspire_lms.plugins.webinar.attendance.shares import Grid, Person
from inspire_lms.plugins.webinar.models import Webinar

SOURCES = {"joined": Message("page"), "imported": Message("report"), "manual": Message("by hand")}
"""How a connection came onto the register."""
STANDINGS = {"met": ("ok", Message("Reached")), "hope": ("half", Message("Can be reached")), "out": ("bad", Message("Out of reach"))}
FULL, MOST = 75, 25
"""Per cent of a webinar from which its cell is dark, and from which it is light."""


def register_table(held: Webinar, register: Register, *, changeable: bool) -> Table:
    """Make the table of the register page: one row a person."""
    return Table(
        columns=(
            Column("name", Message("Name")),
            Column("connections", Message("Connections")),
            Column("minutes", Message("Minutes present"), kind="num"),
            Column("percent", Message("Share"), kind="num"),
            Column("status", Message("Present")),
        ),
        rows=[_register_row(held, each, changeable=changeable) for each in register.lines],
        empty=Message("Nobody is enrolled yet."),
    )


def _register_row(held: Webinar, line: RegisterLine, *, changeable: bool) -> dict[str, Any]:
    href = url_for("webinar.line", webinar_id=held.id, person_id=line.person_id) if changeable else None
    return {
        "name": Cell(line.name, href=href, note=role(line)),
        "connections": ", ".join(spoken(each, held.zone) for each in line.connections) or "–",
        "minutes": line.minutes,
        "percent": i18n.percent(line.percent),
        "status": Cell(Message("Present") if line.minutes else Message("Absent"), status=mark(line.percent)),
    }


def role(line: RegisterLine) -> Message | None:
    """Say what somebody is on the register; nothing for trainees."""
    if line.is_leader:
        return Message("Trainer")
    return None if line.is_expected else Message("Not a member of this group")


def mark(percent: int) -> str:
    """Choose the shape for a share of a webinar."""
    return "ok" if percent >= FULL else "half" if percent else "bad"


def spoken(one: Connection, zone: str) -> str:
    """Say a connection: from, until, and where it is known from."""
    until = i18n._("now") if one.goes_on else i18n.when(one.left_at, zone, "time")
    text = i18n._("{came}–{left} ({source})", came=i18n.when(one.came_at, zone, "time"), left=until, source=SOURCES[one.source])
    return i18n._("{connection}, struck out", connection=text) if one.is_struck else text


def register_file(register: Register) -> Table:
    """Make the table of the exported register: one row a connection, and one for who was never connected."""
    columns = (
        Column("name", Message("Name")),
        Column("email", Message("E-mail")),
        Column("role", Message("Role")),
        Column("came", Message("In (UTC)")),
        Column("left", Message("Out (UTC)")),
        Column("source", Message("Source")),
        Column("counts", Message("Counts")),
        Column("minutes", Message("Minutes present")),
        Column("percent", Message("Share (%)")),
    )
    return Table(columns=columns, rows=[row for line in register.lines for row in _file_rows(line)])


def _file_rows(line: RegisterLine) -> Iterable[dict[str, Any]]:
    whole = {
        "name": line.name,
        "email": line.email,
        "role": role(line) or Message("Trainee"),
        "minutes": line.minutes,
        "percent": line.percent,
    }
    for each in line.connections:
        counts = Message("no") if each.is_struck else Message("yes")
        yield whole | {"came": each.came_at, "left": each.left_at, "source": SOURCES[each.source], "counts": counts}
    if not line.connections:
        yield whole


def grid_table(grid: Grid) -> Table:
    """Make the grid of a cohort: per cent of each webinar, shaded."""
    return Table(
        columns=(
            Column("name", Message("Name")),
            *(Column(f"w{each.id}", str(each.number), kind="num") for each in grid.webinars),
            Column("total", Message("Minutes present"), kind="num"),
        ),
        rows=[_grid_row(grid, each) for each in grid.people],
        caption=Message("Per cent of each webinar"),
        empty=Message("Nobody is enrolled yet."),
        look="grid",
    )


def _grid_row(grid: Grid, person: Person) -> dict[str, Any]:
    cells = {}
    for each in grid.webinars:
        percent = person.minutes.get(each.id, 0) * 100 // each.minutes
        cells[f"w{each.id}"] = Cell(percent, shade=_shade(percent)) if each.closed_at else Cell("·", shade="off")
    return {"name": person.name, **cells, "total": person.share.minutes}


def _shade(percent: int) -> str:
    return "g3" if percent >= FULL else "g2" if percent >= MOST else "g1" if percent else "g0"


def grid_file(grid: Grid) -> Table:
    """Make the grid for a file: minutes, threshold and standing in words."""
    columns: Sequence[Column] = (
        Column("name", Message("Name")),
        *(
            Column(f"w{each.id}", Message("Webinar {number}, minutes of {minutes}", number=each.number, minutes=each.minutes))
            for each in grid.webinars
        ),
        Column("total", Message("Minutes so far")),
        Column("needed", Message("Minutes needed")),
        Column("reachable", Message("Most minutes possible")),
        Column("standing", Message("Threshold")),
    )
    rows = [
        {
            "name": each.name,
            **{f"w{one.id}": each.minutes.get(one.id, 0) if one.closed_at else None for one in grid.webinars},
            "total": each.share.minutes,
            "needed": each.share.needed,
            "reachable": each.share.reachable,
            "standing": STANDINGS[each.standing][1],
        }
        for each in grid.people
    ]
    return Table(columns=columns, rows=rows)


def risk_table(grid: Grid) -> Table:
    """Make the table of those who need attention."""
    return Table(
        columns=(
            Column("name", Message("Name")),
            Column("minutes", Message("So far"), kind="num"),
            Column("needed", Message("Still needed"), kind="num"),
            Column("left", Message("Still to come"), kind="num"),
            Column("standing", Message("Threshold")),
        ),
        rows=[
            {
                "name": each.name,
                "minutes": each.share.minutes,
                "needed": max(0, each.share.needed - each.share.minutes),
                "left": each.share.scheduled - each.share.held,
                "standing": Cell(STANDINGS[each.standing][1], status="warn" if each.standing == "hope" else STANDINGS[each.standing][0]),
            }
            for each in grid.at_risk
        ],
        empty=Message("Nobody is at risk now."),
    )


def chart_by_webinar(grid: Grid) -> Chart | None:
    """Draw the attendance of each closed webinar; None before the first is closed."""
    if not grid.closed:
        return None
    shares = [(each, grid.percent_of(each)) for each in grid.closed]
    average = sum(percent for _each, percent in shares) // len(shares)
    return charts.bars(
        [Bar(f"{each.number}. {each.title.text()}", percent, 100, i18n.percent(percent)) for each, percent in shares],
        title=i18n._("Attendance by webinar"),
        sentence=i18n._("On average {percent} of the minutes were attended.", percent=i18n.percent(average)),
        heads=(i18n._("Webinar"), i18n._("Attendance")),
    )
