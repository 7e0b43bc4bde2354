"""What a corrected list would move: found from the list as it stands and the applications that were opened again. Nothing is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from inspire_lms.kernel.db import session
from inspire_lms.plugins.online_call.correcting import queries, rules
from inspire_lms.plugins.online_call.correcting.models import Correction
from inspire_lms.plugins.online_call.correcting.rules import CorrectionState
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.ranking import order
from inspire_lms.plugins.online_call.ranking import queries as ranking
from inspire_lms.plugins.online_call.ranking.order import Entry, Line
from inspire_lms.plugins.online_call.ranking.terms import Terms
from inspire_lms.plugins.online_call.rules import HOLDING, Standing, State


@dataclass(frozen=True)
class Move:
    """One line before and after."""

    application_id: int
    number: str
    before: int | None
    """Position; None for who was not in the list."""
    after: Line
    was: Standing | None
    stands: Standing
    is_corrected: bool
    """It was opened again itself."""

    @property
    def keeps_place(self) -> bool:
        """A place is held, whatever the corrected list says."""
        return self.stands in HOLDING

    @property
    def is_told(self) -> bool:
        """Whose line moves is written to, but for those who hold a place that nobody has opened again: they keep it in peace."""
        return self.is_corrected or self.stands in {Standing.RESERVE, Standing.UNSUITABLE}

    @property
    def is_wronged(self) -> bool:
        """By the corrected list there would have been a place at first, and none was offered."""
        return self.is_corrected and self.after.is_chosen and self.stands is Standing.RESERVE


@dataclass(frozen=True)
class Corrected:
    """A corrected list that is not published yet."""

    corrections: tuple[Correction, ...]
    terms: Terms
    moves: tuple[Move, ...]
    """Every line, in the corrected order."""
    undecided: int
    lacking: int
    """Evaluations to come."""

    @property
    def changed(self) -> tuple[Move, ...]:
        """The lines whose position or standing is another, and those that were opened again."""
        return tuple(each for each in self.moves if each.is_corrected or each.before != each.after.position or each.was != each.stands)

    @property
    def told(self) -> tuple[Move, ...]:
        """The lines whose owners get a mail."""
        return tuple(each for each in self.changed if each.is_told)

    @property
    def called_next(self) -> str | None:
        """The application that gets the next place that becomes free, where no quota says otherwise."""
        positions = {each.number: each.after.position for each in self.moves}
        return next(iter(rules.waiting(positions, {each.number: each.stands for each in self.moves})), None)


def corrected(call: Call, published: Ranking) -> Corrected:
    """Find what the applications that were opened again do to the list; as many statements for ten lines as for a thousand."""
    corrections = [each for each in queries.of_call(call.id) if each.state == CorrectionState.REOPENED]
    wanted = {each.application_id for each in corrections}
    terms, kept = ranking.published_terms(published), _kept(published)
    judged = [each for each in judging.judged(call) if each.id in wanted]
    numbered = {each.number: each.id for each in judged}
    anew = {numbered[entry.number]: entry for entry in ranking.entries(call, judged)}
    entries: dict[int, Entry] = {key: line[0] for key, line in kept.items()} | anew
    lines = order.ranked(list(entries.values()), terms)
    ids = {entry.number: key for key, entry in entries.items()}
    moves = tuple(_move(ids[line.entry.number], line, kept, wanted) for line in lines)
    states = [each.application.state for each in corrections]
    lacking = sum(each.lacks + each.is_third_due for each in judged)
    return Corrected(tuple(corrections), terms, moves, states.count(State.SUBMITTED), lacking)


def _move(key: int, line: Line, kept: Mapping[int, tuple[Entry, int, Standing]], wanted: set[int]) -> Move:
    known = kept.get(key)
    before, was = (known[1], known[2]) if known else (None, None)
    stands = rules.standing_after(was, is_suitable=line.is_suitable)
    return Move(key, line.entry.number, before, line, was, stands, key in wanted)


def _kept(published: Ranking) -> dict[int, tuple[Entry, int, Standing]]:
    """Give the lines as they stand, by application: what they were ranked by, position, and what became of them."""
    of_line: tuple[Any, ...] = (Place.application_id, Place.total, Place.points, Place.groups, Place.position, Place.standing)
    columns = (*of_line, Application.protocol_number, Application.submitted_at)
    rows = session.execute(
        select(*columns)
        .join(Application, Place.application_id == Application.id)
        .where(Place.ranking_id == published.id)
        .order_by(Place.position)
    )
    found = {}
    for key, total, points, groups, position, standing, number, at in rows:
        exact = {code: Decimal(text) for code, text in points.items()}
        found[key] = (Entry(number, total, exact, at, tuple(groups)), position, Standing(standing))
    return found
