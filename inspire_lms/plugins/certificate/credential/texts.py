"""The texts of a credential, in the language of its document: what Open Badges has no field of its own for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import Words, _, show, speaking
from inspire_lms.plugins.certificate.drawing import words
from inspire_lms.plugins.certificate.drawing.labels import label_of
from inspire_lms.plugins.certificate.drawing.record import Record
from inspire_lms.plugins.certificate.rules import Kind
from inspire_lms.plugins.certificate.sealing.seal import DEMO

DESCRIBED = ("programme", "hours", "mode", "prerequisites", "eqf", "quality", "accreditation")
"""What the achievement is, a line each; the workload and the level are among them, or that none is claimed."""
JUDGED = ("assessment", "identity", "grading")
"""How it was judged."""


@dataclass(frozen=True)
class Texts:
    """What people read of a credential."""

    description: str
    """Lines of plain text."""
    criteria: str
    """What one has to do for it, in Markdown, as Open Badges allows it here.

    What was learnt is not told again where the results by competence tell it: the whole is attached to a file that prints
    every outcome, and letters of Greek take three times their room in a token.
    """
    attendance: str
    """What the hours of attendance are called."""


@dataclass(frozen=True)
class _Shared:
    """A record, taken for the same as another when everything is the same that is put into words here."""

    record: Record = field(compare=False)
    told: tuple[object, ...]


def of(record: Record) -> Texts:
    """Put into words what *record* says; what a batch has in common is put into words once."""
    language = record.language
    units = tuple(
        (unit.number, unit.title.text(language), unit.live_minutes, unit.study_minutes, *(text.text(language) for text in unit.outcomes))
        for unit in record.units
    )
    plain = (record.kind, record.seal, record.planned_minutes, bool(record.competences))
    return _of(_Shared(record, (language, units, *plain, *(one.text(language) for one in _translated(record)))))


def _translated(record: Record) -> tuple[Words, ...]:
    return (
        record.programme, record.mode, record.prerequisites, record.eqf, record.quality, record.accreditation, record.assessment,
        record.identity, record.grading,
    )  # fmt: skip


@lru_cache(maxsize=64)
def _of(shared: _Shared) -> Texts:
    record = shared.record
    facts = words.facts(record, record.language, (*DESCRIBED, *JUDGED))
    with speaking(record.language):
        described = [*(show(one) for one in warnings(record)), *_lines(one for one in facts if one.field in DESCRIBED)]
        if record.kind == Kind.ATTENDANCE:
            criteria = [_("Whoever attended is given this statement. No learning outcome was assessed for it."), "", *_contents(record)]
        else:
            micro = _(
                "This document states the European standard elements of a micro-credential. "
                "Using them does not, in itself, imply official validation or recognition."
            )
            described.append(micro)
            judged = [f"- {line}" for line in _lines(one for one in facts if one.field in JUDGED)]
            criteria = judged if record.competences else [*judged, "", f"**{_('What was learnt')}**", "", *_outcomes(record)]
        return Texts("\n".join(described), "\n".join(criteria), label_of("attendance", record.language))


def warnings(record: Record) -> tuple[Message, ...]:
    """Say so when what we give out is a demonstration."""
    return (Message("This is a demonstration. It proves nothing about the issuer."),) if record.seal == DEMO else ()


def _lines(facts: Iterable[words.Fact]) -> list[str]:
    return [f"{one.label}: {one.value}" for one in facts]


def _contents(record: Record) -> Iterator[str]:
    return (f"{one.number}. {one.title} ({one.hours})" for one in words.units(record, record.language))


def _outcomes(record: Record) -> Iterator[str]:
    for one in words.units(record, record.language):
        yield f"{one.number}. {one.title} ({one.hours})"
        yield from (f"   - {outcome}" for outcome in one.outcomes)
