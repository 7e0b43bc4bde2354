"""The kernel's own part of an edition file: the programme, the edition, what is taught, and the countries."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from zoneinfo import available_timezones

from inspire_lms.kernel.curriculum.content import (
    Alignment,
    CompetenceContent,
    FrameworkContent,
    LevelContent,
    OutcomeContent,
    Texts,
    UnitContent,
)  # fmt: skip
from inspire_lms.kernel.curriculum.rules import FEWEST_LEVELS, not_covered
from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.programmes import rules
from inspire_lms.kernel.programmes.edition_file import Table

_COUNTRY = re.compile(r"[A-Z]{2}")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d+)?/[!-~]*")
_AN_ADDRESS = "https://example.org/skills/7"
MOST_SEATS = 1000
MOST_MINUTES = 6000
"""Of one unit: a hundred hours."""


@dataclass(frozen=True)
class ProgrammeContent:
    """A programme as the file states it."""

    code: str
    title: Texts
    aim: Texts


@dataclass(frozen=True)
class EditionContent:
    """An edition as the file states it."""

    code: str
    title: Texts
    role_title: Texts
    about: Texts
    audience: Texts
    funding: Texts
    starts_on: date
    ends_on: date
    is_sample: bool


@dataclass(frozen=True)
class CountryContent:
    """A country as the file states it, with its table for what plugins read and for mistakes found later."""

    code: str
    name: Texts
    language: str
    zone: str
    zone_name: Texts
    seats: int
    table: Table


@dataclass(frozen=True)
class WholeContent:
    """All that the kernel reads itself."""

    programme: ProgrammeContent
    edition: EditionContent
    framework: FrameworkContent
    countries: tuple[CountryContent, ...]


def read_kernel_parts(root: Table, languages: Sequence[str]) -> WholeContent:
    """Read what is not a plugin's; *languages* are those that this instance speaks. Mistakes are noted in *root*."""
    root.file.known["language"] = tuple(languages)
    root.say("part", root.values)
    tables = root.tables("country", least=1)
    spoken = [_language(table, languages) for table in tables]
    root.languages = tuple(dict.fromkeys(("en", *(language for language in spoken if language))))
    framework = _framework(root)
    codes = [_country_code(table) for table in tables]
    _refuse_twins(tables, codes)
    root.file.known |= {
        "country": tuple(codes),
        "competence": tuple(each.code for each in framework.competences),
        "unit": tuple(str(each.number) for each in framework.units),
    }
    return WholeContent(
        programme=_programme(root.table("programme")),
        edition=_edition(root.table("edition")),
        framework=framework,
        countries=tuple(_country(table, code, language, root) for table, code, language in zip(tables, codes, spoken, strict=True)),
    )


def _programme(table: Table) -> ProgrammeContent:
    return ProgrammeContent(code=table.code("code"), title=table.words("title", most=200), aim=table.words("aim"))


def _edition(table: Table) -> EditionContent:
    starts, ends = table.day("starts"), table.day("ends")
    if reason := rules.why_not_period(starts, ends):
        table.problem("ends", reason)
    return EditionContent(
        code=table.code("code"),
        title=table.words("title", most=200),
        role_title=table.words("role_title", most=200),
        about=table.words("about"),
        audience=table.words("audience"),
        funding=table.words("funding"),
        starts_on=starts,
        ends_on=ends,
        is_sample=table.flag("sample", default=False),
    )


def _framework(root: Table) -> FrameworkContent:
    table = root.table("framework")
    levels, competences = table.tables("level", least=FEWEST_LEVELS), table.tables("competence", least=1)
    units = root.tables("unit", least=1)
    numbers = [each.whole("number", least=1, most=99) for each in levels]
    codes = [each.code("code") for each in competences]
    places = [each.whole("number", least=1, most=99) for each in units]
    for tables, given in ((levels, numbers), (competences, codes), (units, places)):
        _refuse_twins(tables, given)
    content = FrameworkContent(
        code=table.code("code"),
        title=table.words("title", most=200),
        levels=tuple(
            LevelContent(number, each.words("title", most=80), each.words("about")) for each, number in zip(levels, numbers, strict=True)
        ),
        competences=tuple(
            CompetenceContent(code, each.words("title", most=200), each.words("about"), _alignments(each))
            for each, code in zip(competences, codes, strict=True)
        ),
        units=tuple(_unit(each, number, codes, numbers) for each, number in zip(units, places, strict=True)),
    )
    outcomes = [outcome.competence for unit in content.units for outcome in unit.outcomes]
    for code in not_covered(codes, outcomes):
        competences[codes.index(code)].problem("code", Reason("No unit has a learning outcome for “{code}”.", code=code))
    return content


def _alignments(competence: Table) -> tuple[Alignment, ...]:
    """Read where public frameworks describe the same competence; nothing has to be said."""
    found = []
    for table in competence.tables("alignment"):
        url = table.text("url", most=300)
        if url and not _ADDRESS.fullmatch(url):
            table.problem("url", Reason("“{key}” is a whole web address, for example {example}.", key="url", example=_AN_ADDRESS))
        found.append(Alignment(url, table.text("name"), table.text("framework", most=80)))
    return tuple(found)


def _unit(table: Table, number: int, codes: Sequence[str], levels: Sequence[int]) -> UnitContent:
    return UnitContent(
        number=number,
        title=table.words("title", most=200),
        live_minutes=table.whole("live_minutes", most=MOST_MINUTES),
        study_minutes=table.whole("study_minutes", most=MOST_MINUTES),
        outcomes=tuple(_outcome(each, codes, levels) for each in table.tables("outcome", least=1)),
    )


def _outcome(table: Table, codes: Sequence[str], levels: Sequence[int]) -> OutcomeContent:
    level = table.whole("level", least=1, most=99)
    if table.has("level") and level not in levels:
        table.problem("level", Reason("There is no level {level} in the framework.", level=level))
    return OutcomeContent(competence=table.choice("competence", codes), level=level, text=table.words("text", most=600))


def _refuse_twins(tables: Sequence[Table], given: Sequence[str | int]) -> None:
    """Note each table that has the same code or number as one before it."""
    for place, value in enumerate(given):
        if value and value in given[:place]:
            key = "code" if isinstance(value, str) else "number"
            tables[place].problem(key, Reason("“{value}” stands twice.", value=str(value)))


def _language(table: Table, languages: Sequence[str]) -> str:
    """Read the language of a country; empty when it is none that this instance speaks."""
    language = table.text("language")
    if language and language not in languages:
        table.problem(
            "language",
            Reason(
                "“{language}” has no folder of translations; there are: {languages}.", language=language, languages=", ".join(languages)
            ),
        )
        return ""
    return language


def _country_code(table: Table) -> str:
    code = table.text("code")
    if code and not _COUNTRY.fullmatch(code):
        table.problem("code", Reason("A country has two capital letters, for example RO."))
        return ""
    return code


def _country(table: Table, code: str, language: str, root: Table) -> CountryContent:
    table.languages = root.languages
    table.zone = _zone(table)
    return CountryContent(
        code=code,
        name=table.words("name", most=80),
        language=language,
        zone=table.zone,
        zone_name=table.words("zone_name", most=80),
        seats=table.whole("seats", least=1, most=MOST_SEATS),
        table=table,
    )


def _zone(table: Table) -> str:
    """Read the zone of a country; UTC stands for one that does not exist."""
    zone = table.text("zone")
    if zone in available_timezones():
        return zone
    if zone:
        near = get_close_matches(zone, sorted(available_timezones()), n=1)
        reason = Reason("There is no time zone “{zone}”; did you mean “{near}”?", zone=zone, near=near[0]) if near else None
        table.problem("zone", reason or Reason("There is no time zone “{zone}”; one is Europe/Rome.", zone=zone))
    return "UTC"


def table_for_plugin(country: CountryContent, key: str) -> Table:
    """Give the table that a plugin reads for one country: English and the country's own language are enough in it."""
    table = country.table.table(key, optional=True)
    table.languages = tuple(dict.fromkeys(("en", country.language or "en")))
    return table
