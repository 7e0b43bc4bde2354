"""The register on paper: a PDF with every connection, every change, and a fingerprint of what it says."""

import hashlib
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from inspire_lms.kernel import i18n
from inspire_lms.kernel.errors import Reason, Refused
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.typefaces import missing_letters, register_fonts
from inspire_lms.plugins.webinar.attendance.register import Change, Register, RegisterLine
from inspire_lms.plugins.webinar.attendance.tables import role, spoken
from inspire_lms.plugins.webinar.models import Webinar

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

INK, RULE, SOFT = "#14233c", "#ccd5e0", "#4b5b74"
MARGIN, FOOT = 45, 24
WIDTHS = (24, 148, 211, 60, 50)
"""Of the columns, in points: number, name, connections, minutes, share."""


def fingerprint(held: Webinar, register: Register) -> str:
    """Give the SHA-256 of what the register says: two copies with the same one say the same."""
    parts = [held.uid, held.wall_clock, held.zone, str(held.minutes), str(held.closed_at)]
    for line in register.lines:
        spans = [f"{one.came_at.isoformat()}/{one.left_at.isoformat()}/{one.source}/{one.is_struck}" for one in line.connections]
        parts += [line.name, str(line.is_leader), str(line.minutes), *spans]
    parts += [
        f"{each.name}|{each.minutes_before}|{each.minutes_after}|{each.reason}|{each.by}|{each.at.isoformat()}" for each in register.changes
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def pdf(held: Webinar, register: Register, cohort: Cohort) -> bytes:
    """Print the register in the language that is spoken now. Raises Refused when a name has a letter that cannot be printed."""
    from reportlab.lib.pagesizes import A4  # slow import
    from reportlab.platypus import SimpleDocTemplate  # slow import

    register_fonts()
    for line in register.lines:
        if lacking := missing_letters(line.name, "Sans"):
            letters = ", ".join(sorted(lacking))
            raise Refused(
                Reason(
                    "The name {name} has letters that the printed typeface lacks: {letters}. Export the register as CSV.",
                    name=line.name,
                    letters=letters,
                )
            )
    out = BytesIO()
    title = i18n._("Attendance register, webinar {number}", number=held.number)
    document = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=MARGIN, rightMargin=MARGIN, topMargin=MARGIN, bottomMargin=MARGIN + FOOT,
        title=title, author="INSPIRE PA", lang=i18n.current(), invariant=1,
    )  # fmt: skip
    foot = i18n._("Fingerprint {digest}", digest=fingerprint(held, register))

    def draw_foot(canvas: Any, shown: Any) -> None:  # noqa: ANN401 (reportlab's own)
        _foot(canvas, shown, foot)

    document.build(_story(title, held, register, cohort), onFirstPage=draw_foot, onLaterPages=draw_foot)
    return out.getvalue()


def _story(title: str, held: Webinar, register: Register, cohort: Cohort) -> "list[Flowable]":
    from reportlab.platypus import Paragraph, Spacer  # slow import

    story: list[Flowable] = [
        Paragraph(_plain(title), _style("Serif", 19, 24)),
        Paragraph(_plain(held.title.text()), _style("Sans", 11, 15)),
        Spacer(0, 10),
    ]
    story += [_pairs(head(held, register, cohort)), Spacer(0, 14), _lines(held, register.lines), Spacer(0, 14)]
    if register.changes:
        story.append(Paragraph(_plain(i18n._("Changes made by hand")), _style("Sans-Bold", 10, 15)))
        story += [Paragraph(_plain(spoken_change(each, held.zone)), _style("Sans", 8.5, 12)) for each in register.changes]
        story.append(Spacer(0, 14))
    closed = (
        i18n._("Closed by {name} on {when}.", name=register.closed_by, when=i18n.when(held.closed_at, held.zone))
        if held.closed_at
        else i18n._("This register is not closed yet.")
    )
    story.append(Paragraph(_plain(closed), _style("Sans-Bold", 9.5, 14)))
    rule = i18n._(
        "Minutes are those within the scheduled time; overlapping connections count once; a sum is rounded to the nearest minute."
    )
    story.append(Paragraph(_plain(rule), _style("Sans", 8.5, 12, SOFT)))
    return story


def head(held: Webinar, register: Register, cohort: Cohort) -> list[tuple[str, str]]:
    """Say what stands above the lines: domain.md 4.3."""
    actual = register.actual
    rows = [
        (i18n._("Project"), f"{cohort.edition.programme.title.text()}, {cohort.edition.title.text()}"),
        (i18n._("Group"), f"{cohort.country_name.text()}, {cohort.edition.code}"),
        (i18n._("Scheduled"), i18n._("{when}, {minutes}", when=i18n.when(held.starts_at, held.zone), minutes=i18n.duration(held.minutes))),
        (i18n._("Trainer present"), _span(actual, held.zone) if actual else "–"),
        (i18n._("Led by"), ", ".join(each.name for each in register.lines if each.is_leader) or "–"),
        (i18n._("Room"), f"{urlsplit(held.link).hostname or '–'} · {held.uid.partition('@')[0]}"),
        (i18n._("Language"), i18n.locale().languages.get(cohort.language, cohort.language)),
    ]
    return [(label, value) for label, value in rows if value]


def spoken_change(change: Change, zone: str) -> str:
    """Say an amendment in one sentence: whose line, from what to what, by whom, when, why."""
    return i18n._(
        "{name}: from {before} to {after} min. {by}, {when}: {reason}",
        name=change.name,
        before=change.minutes_before,
        after=change.minutes_after,
        by=change.by,
        when=i18n.when(change.at, zone),
        reason=change.reason,
    )


def _span(span: tuple[Any, Any], zone: str) -> str:
    return f"{i18n.when(span[0], zone, 'time')}–{i18n.when(span[1], zone, 'time')}"


def _lines(held: Webinar, lines: tuple[RegisterLine, ...]) -> "Flowable":
    from reportlab.platypus import Paragraph, Table  # slow import

    small, right = _style("Sans", 8.5, 11), _style("Sans", 8.5, 11, right=True)
    bold = _style("Sans-Bold", 8.5, 11)
    rows = [
        [Paragraph(_plain(each), bold) for each in ("", i18n._("Name"), i18n._("Connections"), i18n._("Minutes present"), i18n._("Share"))]
    ]
    for place, line in enumerate(lines, start=1):
        what = role(line)
        name = f"{line.name} ({i18n.show(what)})" if what else line.name
        spans = ", ".join(spoken(each, held.zone) for each in line.connections) or "–"
        rows.append(
            [
                Paragraph(str(place), right),
                Paragraph(_plain(name), small),
                Paragraph(_plain(spans), small),
                Paragraph(str(line.minutes), right),
                Paragraph(_plain(i18n.percent(line.percent)), right),
            ]
        )
    table = Table(rows, colWidths=WIDTHS, repeatRows=1)
    table.setStyle(
        [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, 0), 1.2, INK), ("LINEBELOW", (0, 1), (-1, -1), 0.5, RULE)]
    )
    return table


def _pairs(rows: list[tuple[str, str]]) -> "Flowable":
    from reportlab.platypus import Paragraph, Table  # slow import

    cells = [
        [Paragraph(_plain(label), _style("Sans", 9, 12, SOFT)), Paragraph(_plain(value), _style("Sans", 9, 12))] for label, value in rows
    ]
    table = Table(cells, colWidths=(110, sum(WIDTHS) - 110))
    table.setStyle([("LEFTPADDING", (0, 0), (0, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 1), ("BOTTOMPADDING", (0, 0), (-1, -1), 1)])
    return table


def _foot(canvas: Any, document: Any, text: str) -> None:  # noqa: ANN401 (reportlab's own)
    canvas.saveState()
    canvas.setFont("Sans", 7)
    canvas.setFillColor(SOFT)
    canvas.drawString(MARGIN, MARGIN, text)
    canvas.drawRightString(document.pagesize[0] - MARGIN, MARGIN, i18n._("Page {n}", n=document.page))
    canvas.restoreState()


def _style(font: str, size: float, leading: float, colour: str = INK, *, right: bool = False) -> Any:  # noqa: ANN401
    from reportlab.lib.colors import HexColor  # slow import
    from reportlab.lib.styles import ParagraphStyle  # slow import

    return ParagraphStyle(font, fontName=font, fontSize=size, leading=leading, textColor=HexColor(colour), alignment=2 if right else 0)


def _plain(text: str) -> str:
    """Make a text that reportlab takes as it is, not as markup."""
    return escape(text, quote=False)
