"""Plugins: what a manifest says, how manifests are found and checked, and which plugins are switched on."""

import importlib.metadata
import importlib.util
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from flask import Blueprint, Flask, current_app, g
from sqlalchemy import CheckConstraint, ScalarSelect, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, mapped_column

from inspire_lms.contracts import Enquiry, Fact
from inspire_lms.kernel.db import Base, Id, after_commit, session, transaction
from inspire_lms.kernel.errors import Message

T = TypeVar("T")
GROUP = "inspire_lms.plugins"
"""The entry-point group in which a plugin from outside is found."""
ROLES = ("person", "trainee", "trainer", "evaluator", "coordinator", "administrator")
"""The roles that a capability can be granted to; everybody signed in is a person."""


@dataclass(frozen=True)
class Capability:
    """Something that a person may do."""

    name: str
    """component:verb-and-object, for example webinar:take-attendance."""
    title: Message
    granted_to: tuple[str, ...] = ()
    """Roles that have it unless an administrator says otherwise; the administrator always has it."""


@dataclass(frozen=True)
class Setting:
    """Something that an administrator may set."""

    name: str
    title: Message
    default: int | str | bool
    unit: Message | None = None


@dataclass(frozen=True)
class Every:
    """Work that is done again and again."""

    minutes: int
    name: str
    """component.verb; a kind of job."""
    run: Callable[[], None]


@dataclass(frozen=True)
class Held:
    """What is kept about persons in one column, why, on what basis and for how long."""

    column: str
    """table.column that points at a person or holds personal data."""
    purpose: Message
    basis: Message
    keep: Message
    parts: tuple[str, ...] = ()
    """table.column of what hangs on such a row and is about the same person; each points at that row or at a part before it."""
    told: Callable[[int], list[Mapping[str, Any]]] | None = None
    """Gives, in words of JSON, what the column holds about a person when no key leads from the person to it."""


@dataclass(frozen=True)
class EditionPart(Generic[T]):
    """The table of an edition file that a plugin reads."""

    key: str
    read: Callable[[Any, Mapping[str, Any]], T]
    """Gets the common table (or None) and the table of each country; collects problems; see programmes/edition_file.py."""
    load: Callable[[int, T, int | None], None]
    """Gets the edition, what was read, and who loads; runs inside the transaction of the loading."""
    warnings: Callable[[int], Sequence[Message]] = lambda _edition_id: ()
    """Says what speaks against an edition as it is loaded, though nothing of it forbids."""


@dataclass(frozen=True)
class Check:
    """One line of the doctor: *run* gives what is wrong, None when all is well."""

    name: str
    run: Callable[[], str | None]


@dataclass(frozen=True)
class Plugin:
    """All that the kernel knows about a plugin."""

    name: str
    title: Message
    about: Message
    blueprint: Blueprint | None = None
    capabilities: tuple[Capability, ...] = ()
    answers: Mapping[type[Enquiry[Any]], Callable[[Any], Any]] = field(default_factory=dict)
    listens: Mapping[type[Fact], Callable[[Any], None]] = field(default_factory=dict)
    work: Mapping[str, Callable[..., None]] = field(default_factory=dict)
    schedule: tuple[Every, ...] = ()
    settings: tuple[Setting, ...] = ()
    privacy: tuple[Held, ...] = ()
    edition: EditionPart[Any] | None = None
    demo: Mapping[str, Callable[[Any], None]] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    audits: Mapping[str, Callable[[], Iterable[str]]] = field(default_factory=dict)  # each says where what must hold does not
    migrations: Path | None = None
    translations: Path | None = None
    """Folders of an own branch of migrations and of own catalogues; None for bundled plugins."""
    notes: tuple[Message, ...] = ()


class Site(Base):
    """The one row that says how often switches, roles or settings were changed."""

    __tablename__ = "kernel_site"
    __table_args__ = (CheckConstraint("id = 1", name="there_is_one_site"),)

    id: Mapped[Id]
    version: Mapped[int]


class Switch(Base):
    """A plugin that is switched off, for the whole site or for one edition."""

    __tablename__ = "kernel_switch"
    __table_args__ = (UniqueConstraint("plugin", "edition_id"),)

    id: Mapped[Id]
    plugin: Mapped[str]
    edition_id: Mapped[int]
    """0 stands for the whole site."""


class Choice(Base):
    """A setting whose value is not the default."""

    __tablename__ = "kernel_setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    """plugin.setting"""
    value: Mapped[list[Any]]
    """A list with the one value, since JSON columns take no bare numbers on every engine."""


@dataclass
class Registry:
    """The plugins of an application and who answers, listens and works."""

    plugins: dict[str, Plugin] = field(default_factory=dict)
    answers: dict[type[Enquiry[Any]], dict[str, Callable[[Any], Any]]] = field(default_factory=dict)
    listens: dict[type[Fact], dict[str, Callable[[Any], None]]] = field(default_factory=dict)
    work: dict[str, Callable[..., None]] = field(default_factory=dict)
    capabilities: dict[str, Capability] = field(default_factory=dict)
    schedule: list[Every] = field(default_factory=list)
    remembered: dict[str, tuple[object, Any]] = field(default_factory=dict)


def find(without: Iterable[str] = ()) -> list[Plugin]:
    """Find the bundled plugins by looking into their folder, and the installed ones by their entry points."""
    package = importlib.import_module("inspire_lms.plugins")
    folders = (each.name for each in pkgutil.iter_modules(package.__path__) if each.ispkg and each.name not in set(without))
    names = sorted(name for name in folders if importlib.util.find_spec(f"{package.__name__}.{name}.plugin"))
    found = [importlib.import_module(f"inspire_lms.plugins.{name}.plugin").plugin for name in names]
    return found + [each.load() for each in sorted(importlib.metadata.entry_points(group=GROUP), key=lambda one: one.name)]


def install(app: Flask, plugins: Iterable[Plugin]) -> None:
    """Give *app* its plugins; raises ValueError with a sentence when a manifest is wrong."""
    registry = app.extensions.setdefault("inspire_registry", Registry())
    for each in plugins:
        for complaint in complaints(each, registry):
            raise ValueError(complaint)
        registry.plugins[each.name] = each
        for enquiry, answer in each.answers.items():
            registry.answers.setdefault(enquiry, {})[each.name] = answer
        for fact, listener in each.listens.items():
            registry.listens.setdefault(fact, {})[each.name] = listener
        registry.work |= dict(each.work) | {every.name: every.run for every in each.schedule}
        registry.schedule += each.schedule
        registry.capabilities |= {one.name: one for one in each.capabilities}
        if each.blueprint is not None:
            app.register_blueprint(each.blueprint)


def complaints(plugin: Plugin, registry: Registry) -> list[str]:
    """Say what is wrong with a manifest."""
    name, wrong = plugin.name, []
    if name in registry.plugins:
        wrong.append(f"There are two plugins called {name}.")
    if plugin.blueprint is not None and (plugin.blueprint.name != name or plugin.blueprint.url_prefix != f"/{name}"):
        wrong.append(f"The blueprint of {name} must be called {name} and live under /{name}.")
    for one in plugin.capabilities:
        if not one.name.startswith(f"{name}:"):
            wrong.append(f"The capability {one.name} of {name} must begin with {name}:.")
        wrong += [f"The capability {one.name} names an unknown role, {role}." for role in one.granted_to if role not in ROLES]
    for kind in (*plugin.work, *(every.name for every in plugin.schedule)):
        if not kind.startswith(f"{name}."):
            wrong.append(f"The work {kind} of {name} must begin with {name}.")
    return wrong


def registry() -> Registry:
    """Give the registry of the application."""
    found: Registry = current_app.extensions["inspire_registry"]
    return found


def plugins() -> list[Plugin]:
    """List the installed plugins, in order of their names, switched on or not."""
    return [registry().plugins[name] for name in sorted(registry().plugins)]


def remembered(name: str, load: Callable[[], T]) -> T:
    """Give what *load* gave since the last change of the site (switches, roles, settings); at most one statement a request."""
    version: object = g.get("site_version")
    if version is None:
        version = g.site_version = session.scalar(select(Site.version).where(Site.id == 1)) or 0
    kept = registry().remembered.get(name)
    if kept is None or kept[0] != version:
        kept = registry().remembered[name] = (version, load())
    value: T = kept[1]
    return value


def site_version() -> ScalarSelect[int]:
    """Give the version of the site as a column that another statement can bring along, for g.site_version."""
    return select(Site.version).where(Site.id == 1).scalar_subquery()


def forget() -> None:
    """Say, inside a transaction, that something remembered has changed."""
    if session.execute(update(Site).where(Site.id == 1).values(version=Site.version + 1)).rowcount == 0:  # type: ignore[attr-defined]  # an update has a count
        session.add(Site(id=1, version=1))
    g.site_version = object()  # nobody else has it: what is loaded before the end of the transaction may be undone with it
    after_commit(_forget_here)


def _forget_here() -> None:
    registry().remembered.clear()
    g.pop("site_version", None)


def switched_off() -> frozenset[tuple[str, int]]:
    """List what is off: plugin and edition, 0 for the whole site."""
    return remembered(
        "switches", lambda: frozenset((row.plugin, row.edition_id) for row in session.execute(select(Switch.plugin, Switch.edition_id)))
    )


def is_on(name: str, edition_id: int | None = None) -> bool:
    """Say whether a plugin is switched on, for the site and for an edition when one is given."""
    off = switched_off()
    return (name, 0) not in off and (edition_id is None or (name, edition_id) not in off)


def is_on_for_cohort(name: str, cohort_id: int) -> bool:
    """Say whether a plugin is switched on for the edition of a cohort."""
    off = switched_off()
    if (name, 0) in off:
        return False
    if all(edition == 0 for _name, edition in off):
        return True
    cohort = Base.metadata.tables["programmes_cohort"]
    known: dict[int, int] = remembered("edition_of_cohort", dict)
    if cohort_id not in known:
        known[cohort_id] = session.scalar(select(cohort.c.edition_id).where(cohort.c.id == cohort_id)) or 0
    return (name, known[cohort_id]) not in off


def switch(name: str, *, on: bool, edition_id: int | None = None) -> None:
    """Switch a plugin on or off, for an edition or (None) for the whole site. Its data stay."""
    with transaction():
        row = session.scalar(select(Switch).where(Switch.plugin == name, Switch.edition_id == (edition_id or 0)))
        if on and row:
            session.delete(row)
        elif not on and not row:
            session.add(Switch(plugin=name, edition_id=edition_id or 0))
        forget()


def setting(plugin: str, name: str) -> Any:  # noqa: ANN401 (an int, a text or a flag, as declared)
    """Give the value of a setting: what was chosen, else the default. Raises KeyError when it is not declared."""
    chosen: dict[str, Any] = remembered(
        "settings", lambda: {row.name: row.value[0] for row in session.execute(select(Choice.name, Choice.value))}
    )
    declared = {one.name: one for one in registry().plugins[plugin].settings}[name]
    return chosen.get(f"{plugin}.{name}", declared.default)


def choose(plugin: str, name: str, value: int | str | bool) -> None:  # noqa: FBT001 (a value, not a switch)
    """Set a setting."""
    with transaction():
        session.merge(Choice(name=f"{plugin}.{name}", value=[value]))
        forget()
