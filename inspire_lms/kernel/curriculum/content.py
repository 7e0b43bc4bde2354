"""What a file says about a framework and its units: plain values on the way into the tables."""

from collections.abc import Mapping
from dataclasses import dataclass

Texts = Mapping[str, str]
"""One text by language code."""


@dataclass(frozen=True)
class LevelContent:
    """A level."""

    number: int
    title: Texts
    about: Texts


@dataclass(frozen=True)
class Alignment:
    """Where a public framework describes the same as a competence: its address there, its name, and which framework."""

    url: str
    name: str
    framework: str


@dataclass(frozen=True)
class CompetenceContent:
    """A competence."""

    code: str
    title: Texts
    about: Texts
    alignments: tuple[Alignment, ...] = ()


@dataclass(frozen=True)
class OutcomeContent:
    """A learning outcome: what is shown, of which competence, at which level."""

    competence: str
    level: int
    text: Texts


@dataclass(frozen=True)
class UnitContent:
    """A unit with its outcomes in order."""

    number: int
    title: Texts
    live_minutes: int
    study_minutes: int
    outcomes: tuple[OutcomeContent, ...]


@dataclass(frozen=True)
class FrameworkContent:
    """A framework with everything below it."""

    code: str
    title: Texts
    levels: tuple[LevelContent, ...]
    competences: tuple[CompetenceContent, ...]
    units: tuple[UnitContent, ...]
