"""The figures and the people of a cohort as tables and charts."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from flask import url_for

from inspire_lms.contracts.attendance import Share
from inspire_lms.contracts.pages import Figure
from inspire_lms.kernel import charts
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import _, ngettext, number, percent
from inspire_lms.kernel.web.tables import Cell, Column, Table
from inspire_lms.plugins.cohort_dashboard.figures import Risk, Row, Verdict, share_in_percent, verdict

CENT = Decimal("0.01")
VERDICTS = {
    Verdict.NOTHING: ("wait", Message("Nothing to measure yet")),
    Verdict.NO_TARGET: ("half", Message("Without a target")),
    Verdict.REACHED: ("ok", Message("Reached")),
    Verdict.MISSED: ("bad", Message("Missed")),
}
RISKS = {
    Risk.NONE: ("ok", Message("Within reach")),
    Risk.POSSIBLE: ("warn", Message("Still within reach")),
    Risk.LOST: ("bad", Message("Out of reach")),
}


def shown(value: Decimal | None, unit: str, mark: Decimal | None = None) -> str:
    """Show a figure with its unit, so that it does not seem to reach a *mark* that it misses; a dash when there is nothing."""
    if value is None:
        return "–"
    is_whole = value == int(value)
    match unit:
        case "percent":
            return percent(value, 0 if is_whole else 1, mark=mark)
        case "days":
            # Languages that count in several ways speak of a part of a day as of a few days.
            return ngettext("{n} day", "{n} days", int(value) if is_whole else 2, n=number(value, 0 if is_whole else 1, mark=mark))
        case "people":
            return number(value)
        case _:
            return number(value, 0 if is_whole else 2, mark=mark)


def _aim(figure: Figure) -> str:
    if figure.target is None:
        return "–"
    target = shown(figure.target, figure.unit)
    return _("at most {target}", target=target) if figure.target_is_maximum else _("at least {target}", target=target)


def funnel_chart(stages: Sequence[Figure]) -> charts.Chart:
    """Draw the stages as bars, each with its own target where it has one."""
    targets = [one.target for one in stages if one.target is not None]
    most = max([Decimal(1), *targets, *(one.value or Decimal(0) for one in stages)]) * Decimal("1.05")
    bars = [charts.Bar(one.title, one.value or 0, most, shown(one.value or Decimal(0), one.unit), target=one.target) for one in stages]
    return charts.bars(
        bars,
        title=_("From the application to the certificate"),
        sentence=_("An upright line is the target of its stage.") if targets else "",
        heads=(_("Stage"), _("People"), *((_("Target"),) if targets else ())),
    )


def funnel_table(stages: Iterable[Figure]) -> Table:
    """List the stages with their targets, each leading to the rows behind it."""
    rows = [
        {"stage": Cell(one.title, href=one.href or None), "people": int(one.value or 0), "target": _aim(one), "note": one.note}
        for one in stages
    ]
    columns = (
        Column("stage", Message("Stage")),
        Column("people", Message("People"), kind="num"),
        Column("target", Message("Target"), kind="inl"),
        Column("note", Message("Note")),
    )
    return Table(columns, rows, empty=Message("Nothing has happened yet in this cohort."))


def indicator_table(indicators: Iterable[Figure]) -> Table:
    """List the indicators with target and verdict."""
    rows = []
    for one in indicators:
        kind, word = VERDICTS[verdict(one)]
        rows.append(
            {
                "title": Cell(one.title, href=one.href or None, note=one.note or None),
                "value": shown(one.value, one.unit, one.target),
                "target": _aim(one),
                "state": Cell(word, status=kind),
            }
        )
    columns = (
        Column("title", Message("Indicator")),
        Column("value", Message("Value"), kind="num"),
        Column("target", Message("Target"), kind="inl"),
        Column("state", Message("State")),
    )
    return Table(columns, rows, empty=Message("No indicator can be computed yet."))


def risk_table(people: Iterable[Row], cohort_id: int) -> Table:
    """List who may miss the attendance, and what can still be done."""
    rows = []
    for row in people:
        if row.share is None:
            continue
        kind, word = RISKS[row.risk]
        left, missing = row.share.scheduled - row.share.held, row.share.needed - row.share.minutes
        if row.risk is Risk.LOST:
            most = percent(Decimal(100 * row.share.reachable) / row.share.scheduled, mark=row.share.threshold)
            what = _(
                "At most {share} is possible; {threshold} is needed. A certificate of attendance can still state the hours.",
                share=most,
                threshold=percent(row.share.threshold),
            )
        else:
            what = ngettext("{n} minute of the {left} left is needed.", "{n} minutes of the {left} left are needed.", missing, left=left)
        href = url_for("programmes.member", cohort_id=cohort_id, person_id=row.person_id)
        rows.append(
            {
                "name": Cell(row.name, href=href),
                "share": _so_far(row.share),
                "state": Cell(word, status=kind),
                "what": what,
            }
        )
    columns = (
        Column("name", Message("Person")),
        Column("share", Message("So far"), kind="num"),
        Column("state", Message("Threshold")),
        Column("what", Message("What can be done")),
    )
    return Table(columns, rows, empty=Message("Nobody is at risk: everybody can reach the attendance that the certificate asks for."))


def people_table(people: Sequence[Row], cohort_id: int) -> Table:
    """List all trainees from attendance to certificate."""
    titles = {result.code: result.title for row in people for result in row.results}
    rows = []
    for row in people:
        kind, word = RISKS[row.risk]
        marks = {
            result.code: Cell(percent(result.percent, mark=result.pass_mark), status="ok" if result.is_passed else "bad")
            for result in row.results
        }
        rows.append(
            {
                "name": Cell(row.name, href=url_for("programmes.member", cohort_id=cohort_id, person_id=row.person_id)),
                "minutes": row.share.minutes if row.share else None,
                "share": _so_far(row.share) if row.share else "–",
                "risk": Cell(word, status=kind) if row.share and row.share.scheduled else Cell("–"),
                **marks,
                "survey": _survey(row),
                "certificate": Cell(row.certificate.number, status="ok" if row.certificate.state == "valid" else "bad")
                if row.certificate
                else Cell("–"),
            }
        )
    columns = (
        Column("name", Message("Person")),
        Column("minutes", Message("Minutes present"), kind="num"),
        Column("share", Message("Share"), kind="num"),
        Column("risk", Message("Threshold")),
        *(Column(code, title) for code, title in titles.items()),
        Column("survey", Message("Survey")),
        Column("certificate", Message("Certificate")),
    )
    return Table(columns, rows, empty=Message("Nobody is enrolled yet."), filter=Message("Filter the people"))


def _so_far(share: Share) -> str:
    return percent(share_in_percent(share), mark=share.threshold)


def _survey(row: Row) -> Cell:
    if row.survey is None or not row.survey.owed:
        return Cell("–")
    return Cell(Message("Took part"), status="ok") if row.survey.answered >= row.survey.owed else Cell(Message("Not yet"), status="wait")


def figure_table(figures: Iterable[Figure]) -> Table:
    """List all figures for a file: code, kind, value, unit, target."""
    rows = [
        {"code": one.code, "kind": one.kind, "title": one.title, "value": _exported(one.value), "unit": one.unit, "target": one.target}
        for one in figures
    ]
    names = (
        ("code", Message("Code")),
        ("kind", Message("Kind")),
        ("title", Message("Figure")),
        ("value", Message("Value")),
        ("unit", Message("Unit")),
        ("target", Message("Target")),
    )
    return Table([Column(name, title) for name, title in names], rows, look="")


def _exported(value: Decimal | None) -> Decimal | None:
    """Round half up to two places what is not whole."""
    return value if value is None or value == int(value) else value.quantize(CENT, "ROUND_HALF_UP")
