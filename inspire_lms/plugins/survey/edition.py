"""The table [survey] of an edition file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.programmes.edition_file import Table
from inspire_lms.plugins.survey.rules import POINTS, Kind

Texts = dict[str, str]


@dataclass(frozen=True)
class ItemPlan:
    """One question."""

    code: str
    text: Texts
    """Empty for a competence, whose title is asked for."""


@dataclass(frozen=True)
class SectionPlan:
    """Questions of one kind."""

    code: str
    kind: str
    title: Texts
    intro: Texts
    scale: tuple[Texts, ...]
    items: tuple[ItemPlan, ...]


@dataclass(frozen=True)
class CountryPlan:
    """When one country is asked."""

    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True)
class SurveyPlan:
    """The survey of an edition."""

    code: str
    title: Texts
    intro: Texts
    sections: tuple[SectionPlan, ...]
    countries: Mapping[str, CountryPlan]


def read(common: Table | None, countries: Mapping[str, Table]) -> SurveyPlan | None:
    """Read the table; None when the edition has no survey. Mistakes are collected by the table."""
    if common is None:
        return None
    sections = tuple(_section(each) for each in common.tables("section", least=1))
    codes = [each.code for each in sections]
    for number, each in enumerate(common.tables("section")):
        if codes.index(each.code("code")) != number:
            each.problem("code", Reason("There are two sections called “{code}”.", code=codes[number]))
    return SurveyPlan(
        common.code("code"),
        common.words("title"),
        common.words("intro"),
        sections,
        {code: _country(table.over(common) if table.base is None else table) for code, table in countries.items()},
    )


def _country(table: Table) -> CountryPlan:
    plan = CountryPlan(table.moment("opens"), table.moment("closes"))
    if plan.closes_at <= plan.opens_at:
        table.problem("closes", Reason("The survey closes before it opens."))
    return plan


def _section(table: Table) -> SectionPlan:
    kind = table.choice("kind", list(Kind))
    scale = tuple(table.words_list("scale")) if kind != Kind.COMMENTS else ()
    if kind != Kind.COMMENTS and len(scale) != POINTS:
        table.problem("scale", Reason("A scale has {n} points, each with its label.", n=POINTS))
    if kind == Kind.GAIN:
        items = tuple(ItemPlan(code, {}) for code in table.known("competence"))
    else:
        items = tuple(ItemPlan(one.code("code"), one.words("text")) for one in table.tables("item", least=1))
        for number, one in enumerate(table.tables("item")):
            if [each.code for each in items].index(items[number].code) != number:
                one.problem("code", Reason("There are two questions called “{code}”.", code=items[number].code))
    return SectionPlan(table.code("code"), kind, table.words("title"), table.words("intro", default={}), scale, items)
