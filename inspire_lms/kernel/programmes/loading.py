"""Loading an edition from its file: all mistakes are found first, and then everything is written or nothing."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from inspire_lms.contracts.editions import LoadEffects
from inspire_lms.kernel import bus, clock, i18n
from inspire_lms.kernel.curriculum import actions as curriculum
from inspire_lms.kernel.db import transaction
from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.kernel.plugin import Plugin, plugins
from inspire_lms.kernel.programmes import actions, edition_file, queries, rules
from inspire_lms.kernel.programmes.edition_file import Table, WrongFile
from inspire_lms.kernel.programmes.models import Edition
from inspire_lms.kernel.programmes.reading import CountryContent, WholeContent, read_kernel_parts, table_for_plugin
from inspire_lms.kernel.programmes.toml.mistakes import Problem

MOST_BYTES = 1_000_000
"""Of an edition file; the sample has a tenth of it."""


@dataclass(frozen=True)
class WholeFile:
    """What a file says: the kernel's part and, by name, what each plugin made of its own."""

    kernel: WholeContent
    plugins: dict[str, Any]
    problems: tuple[Problem, ...]


def load(text: str, *, by: int | None, shift_weeks: int = 0) -> Edition:
    """Load the edition that *text* describes, all dates moved by *shift_weeks*; the same code again brings it up to date.

    Raises WrongFile with every mistake and its line, and Refused when a plugin cannot change any more what the file
    changes; nothing is loaded then.
    """
    with transaction():
        read = read_whole(text, shift_weeks=shift_weeks)
        if read.problems:
            raise WrongFile(read.problems)
        programme = actions.open_programme(read.kernel.programme)
        framework = curriculum.load_framework(read.kernel.framework, by=by)
        edition = actions.open_edition(read.kernel.edition, programme.id, framework.id, by=by)
        for country in read.kernel.countries:
            actions.open_cohort(country, edition, programme.context_id)
        for plugin in _readers():
            if plugin.edition is not None:
                plugin.edition.load(edition.id, read.plugins[plugin.name], by)
        return edition


def effects(text: str) -> list[str]:
    """Say what loading *text* would do to people, as the plugins tell it, and load nothing. Raises what load raises."""
    since, found = clock.now(), list[str]()
    with suppress(_UndoneError), transaction():
        found += [said for answer in bus.gather(LoadEffects(load(text, by=None).id, since)) for said in answer]
        raise _UndoneError
    return found


class _UndoneError(Exception):
    """Undoes a loading of which only the effects were asked for."""


def warnings(edition_id: int) -> list[Message]:
    """Say what the plugins find odd about an edition that is loaded; nothing of it forbids."""
    return [said for plugin in _readers() if plugin.edition is not None for said in plugin.edition.warnings(edition_id)]


def mistakes_in(raw: bytes) -> tuple[Problem, ...]:
    """Say everything that keeps the file from being loaded, in the order of its lines."""
    try:
        return read_whole(as_text(raw)).problems
    except WrongFile as wrong:
        return wrong.problems


def read_whole(text: str, *, shift_weeks: int = 0) -> WholeFile:
    """Read all parts of a file and collect what is wrong in any of them."""
    root = edition_file.read(text, shift_weeks=shift_weeks)
    kernel = read_kernel_parts(root, i18n.languages())
    found = {plugin.name: _read_part(plugin, root, kernel) for plugin in _readers()}
    _compare(root, kernel)
    return WholeFile(kernel, found, root.mistakes())


def _readers() -> list[Plugin]:
    """List the plugins that read a part of the file, switched on or not."""
    return [plugin for plugin in plugins() if plugin.edition is not None]


def _read_part(plugin: Plugin, root: Table, kernel: WholeContent) -> Any:  # noqa: ANN401 (what the plugin makes of it)
    if plugin.edition is None:
        return None
    key = plugin.edition.key
    common = root.table(key) if root.has(key) else None
    return plugin.edition.read(common, {country.code: table_for_plugin(country, key) for country in kernel.countries})


def _compare(root: Table, kernel: WholeContent) -> None:
    """Note what the file changes and an edition that is there already cannot change any more."""
    edition = queries.edition_with(kernel.edition.code)
    if edition is None:
        return
    countries = {country.code: country for country in kernel.countries}
    for cohort in queries.cohorts(edition.id):
        country = countries.get(cohort.country)
        if country is None:
            root.problem("country", Reason("{country} is in this edition already and is missing from the file.", country=cohort.country))
        else:
            _compare_country(country, zone=cohort.zone, taken=cohort.taken)


def _compare_country(country: CountryContent, *, zone: str, taken: int) -> None:
    reasons = {"seats": rules.why_not_seats(country.seats, taken), "zone": rules.why_not_zone(zone, country.zone, taken)}
    for key, reason in reasons.items():
        if reason and country.table.is_right(key):
            country.table.problem(key, reason)


def as_text(raw: bytes) -> str:
    """Decode a file; raises WrongFile when it is too large or not UTF-8."""
    if len(raw) > MOST_BYTES:
        raise WrongFile([Problem(1, "", Reason("The file has more than {n} kB; an edition needs far less.", n=MOST_BYTES // 1000))])
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise WrongFile([Problem(line, "", Reason("The file is not written in UTF-8. Save it again with that encoding."))]) from error
