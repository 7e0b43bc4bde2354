"""What a closed survey says: a chart and a table for each question, comments, and the whole as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inspire_lms.kernel import charts
from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import _, ngettext, number, show
from inspire_lms.kernel.web.tables import Column, Table
from inspire_lms.plugins.survey import tally
from inspire_lms.plugins.survey.models import Question, Section, Survey
from inspire_lms.plugins.survey.rules import SMALLEST, Kind

Sheets = list[dict[str, Any]]


@dataclass(frozen=True)
class Shown:
    """What is shown of one question."""

    text: str
    sentence: str
    chart: charts.Chart | None
    """None when too few people answered it."""
    comments: tuple[str, ...] = ()
    """None of them when fewer than five people wrote one: domain.md 9.4 asks for no free text then."""


def of_section(section: Section, sheets: Sheets, titles: Mapping[str, Words]) -> list[Shown]:
    """Show each question of a section."""
    if section.kind == Kind.GAIN:
        return [_gains(section, sheets, titles)]
    if section.kind == Kind.SCALE:
        return [_scale(section, question, sheets) for question in section.questions]
    return [_comments(question, sheets) for question in section.questions]


def _scale(section: Section, question: Question, sheets: Sheets) -> Shown:
    found = tally.distribution(tally.column(sheets, question.code))
    text = question.text.text()
    if found.mean is None:
        return Shown(text, _("Nobody has answered this."), None)
    if not found.is_shown:
        return Shown(text, _hidden(), None)
    said = ngettext("Mean {mean} of 5, from {n} answer.", "Mean {mean} of 5, from {n} answers.", found.n, mean=number(found.mean, 2))
    if found.not_applicable:
        said += " " + ngettext("It did not apply to {n} person.", "It did not apply to {n} people.", found.not_applicable)
    labels = [Words(label).text() for label in section.scale]
    heads = (_("Answer"), _("People"))
    return Shown(text, said, charts.scale(found.counts, labels, title=text, sentence=said, heads=heads))


def _gains(section: Section, sheets: Sheets, titles: Mapping[str, Words]) -> Shown:
    bars, hidden = [], 0
    for question in section.questions:
        found = tally.gain((pair or (None, None)) for pair in tally.column(sheets, question.code))
        if (
            found.pairs < SMALLEST
            or found.now.mean is None
            or found.before.mean is None
            or not (found.now.is_shown and found.before.is_shown)
        ):
            hidden += 1
            continue
        title = titles.get(question.code.partition(".")[2], Words(en=question.code)).text()
        bars.append(
            charts.Bar(
                title, found.now.mean, 5, number(found.now.mean, 2), before=found.before.mean, before_text=number(found.before.mean, 2)
            )
        )
    said = _("Mean of 1 to 5: filled bars are now, hollow bars before the course.")
    if hidden:
        said += " " + ngettext(
            "{n} competence has too few answers and is left out.", "{n} competences have too few answers and are left out.", hidden
        )
    heads = (_("Competence"), _("Now"), _("Before"))
    chart = charts.bars(bars, title=section.title.text(), sentence=said, heads=heads) if bars else None
    return Shown(section.title.text(), said if bars else _hidden(), chart)


def _comments(question: Question, sheets: Sheets) -> Shown:
    written = tally.comments(sheets, question.code)
    if 0 < len(written) < SMALLEST:
        return Shown(question.text.text(), _hidden(), None)
    said = ngettext("{n} comment, in alphabetical order.", "{n} comments, in alphabetical order.", len(written))
    return Shown(question.text.text(), said, None, tuple(written))


def _hidden() -> str:
    return _("Fewer than {n} people answered: nothing is shown, so that nobody can be recognised.", n=SMALLEST)


def table(survey: Survey, sheets: Sheets, titles: Mapping[str, Words]) -> Table:
    """Put the counts of all questions into one table, with their codes; questions with too few answers stay empty."""
    rows = []
    for section in survey.sections:
        for question in section.questions:
            if section.kind == Kind.SCALE:
                rows.append(_row(question.code, question.text.text(), tally.distribution(tally.column(sheets, question.code))))
            elif section.kind == Kind.GAIN:
                title = titles.get(question.code.partition(".")[2], Words(en=question.code)).text()
                pairs = [pair or (None, None) for pair in tally.column(sheets, question.code)]
                for at, word in enumerate((_("before"), _("now"))):
                    rows.append(_row(f"{question.code}.{at}", f"{title}, {word}", tally.distribution(pair[at] for pair in pairs)))
    points = [Column(str(point), str(point), kind="num") for point in range(1, 6)]
    columns = (Column("code", Message("Code")), Column("text", Message("Question")), *points)
    return Table(
        (*columns, Column("none", Message("Does not apply"), kind="num"), Column("mean", Message("Mean"), kind="num")), rows, look=""
    )


def _row(code: str, text: str, found: tally.Distribution) -> dict[str, Any]:
    if not found.is_shown:
        return {"code": code, "text": f"{text} ({show(Message('too few answers'))})"}
    counts = {str(point): count for point, count in enumerate(found.counts, start=1)}
    return {"code": code, "text": text, **counts, "none": found.not_applicable, "mean": found.mean}
