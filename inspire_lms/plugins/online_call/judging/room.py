"""The committee room of a country: how far the selection is, what is still open, and one page of the ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import url_for
from sqlalchemy import select

from inspire_lms.kernel import charts, clock
from inspire_lms.kernel.db import read_along, session
from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.kernel.i18n import _
from inspire_lms.kernel.web.tables import ROWS_A_PAGE, Paged, cut_out
from inspire_lms.plugins.online_call.correcting import queries as corrections
from inspire_lms.plugins.online_call.judging import queries
from inspire_lms.plugins.online_call.judging.queries import Judged
from inspire_lms.plugins.online_call.marking import beside
from inspire_lms.plugins.online_call.models import Application, Call, Review
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.plugins.online_call.offering import queries as offering
from inspire_lms.plugins.online_call.offering.models import Ranking
from inspire_lms.plugins.online_call.offering.queries import Placed
from inspire_lms.plugins.online_call.overriding import queries as proposals
from inspire_lms.plugins.online_call.overview import found as finding
from inspire_lms.plugins.online_call.overview import memory
from inspire_lms.plugins.online_call.overview import spread as spreads
from inspire_lms.plugins.online_call.overview.found import Cut, Found, Point, Row
from inspire_lms.plugins.online_call.publishing import queries as publications
from inspire_lms.plugins.online_call.ranking.order import Line
from inspire_lms.plugins.online_call.rules import Phase, ReviewState, State

POINTS = 20
"""So many open points are named; of the others only the number is said."""
OPEN: Mapping[Point, Message] = {
    Point.THIRD: Message("Two scores are too far apart; a third evaluator is to be asked"),
    Point.EVALUATOR: Message("An evaluator is missing"),
}


@dataclass(frozen=True)
class OpenPoint:
    """Something that can still move the cut-off."""

    text: Message
    about: str
    href: str


@dataclass(frozen=True)
class Ranked:
    """Everything that the evaluations say, as far as the reader may see it."""

    judged: tuple[Judged, ...]
    lines: tuple[Line, ...]
    """Those that have a score, in order; hidden ones left out."""
    hidden: frozenset[int]
    """Applications that the reader has still to evaluate: what others gave stays out of sight."""


@dataclass(frozen=True)
class Room:
    """All that the room shows; of the ranking one page."""

    call: Call
    published: Ranking | None
    counts: Mapping[str, int]
    """The applications, by state."""
    progress: charts.Chart
    spread: charts.Chart | None
    open_points: tuple[OpenPoint, ...]
    """The first of them."""
    open_number: int
    """How many there are."""
    why_not: Reason | None
    """Why the ranking cannot be published now."""
    offers: int
    """How many places publishing would offer, or has offered at first."""
    cut_off: Decimal | None
    standings: Mapping[str, int]
    """The lines of the published ranking, by what became of them; empty before."""
    rows: Sequence[Row | Placed | Cut]
    """The page of the ranking: provisional rows, or published ones."""
    paged: Paged
    known: Mapping[int, Judged]
    """The applications of that page that still take part, with their evaluations."""
    hidden: frozenset[int]
    """Applications that the reader has still to evaluate: what others gave stays out of sight."""
    beside: Mapping[int, str]
    """What stands beside the total, by application; empty where everything counts."""
    by_two: int
    """How many decisions by two people there are, proposed ones included."""

    @property
    def phase(self) -> Phase:
        """Whether the call is still to open, open or closed now."""
        return self.call.window.phase(clock.now())

    @property
    def eligible(self) -> int:
        """How many applications take part in the selection."""
        return self.counts.get(State.ELIGIBLE, 0)

    @property
    def undecided(self) -> int:
        """How many applications wait for the decision on their eligibility."""
        return self.counts.get(State.SUBMITTED, 0)

    @property
    def submitted(self) -> int:
        """How many applications were submitted, withdrawn ones included."""
        return sum(count for state, count in self.counts.items() if state != State.DRAFT)


def ranked(call: Call, reader: int, criteria: Sequence[str] | None = None) -> Ranked:
    """Rank what has a score so far; the scores hold the points of these *criteria*, None for all."""
    judged, hidden = queries.judged(call, criteria), hidden_from(call, reader)
    return Ranked(tuple(judged), publishing.provisional(call, [each for each in judged if each.id not in hidden]), hidden)


def hidden_from(call: Call, reader: int) -> frozenset[int]:
    """Give the applications of which *reader* sees no scores yet: those that the reader has still to evaluate, also anew."""
    return memory.kept(call, "asked", lambda: _asked(call.id)).get(reader, frozenset())


def _asked(call_id: int) -> dict[int, frozenset[int]]:
    """Give the eligible applications that evaluators have still to evaluate, by evaluator; after the final list those open again."""
    asked = select(Review.evaluator_id, Review.application_id).join(Application, Review.application_id == Application.id)
    if queries.is_published(call_id):
        asked = asked.where(Application.id.in_(corrections.reopened()))
    found: dict[int, set[int]] = {}
    for evaluator, application in session.execute(
        asked.where(Application.call_id == call_id, Application.state == State.ELIGIBLE, Review.state == ReviewState.ASKED)
    ):
        found.setdefault(evaluator, set()).add(application)
    return {evaluator: frozenset(applications) for evaluator, applications in found.items()}


def room(call: Call, reader: int, page: int = 1) -> Room:
    """Gather what the committee room shows to *reader*, with one *page* of the ranking, from 1.

    As many statements for ten applications as for a thousand. A page that does not exist gives the nearest.
    """
    published = queries.ranking_of(call.id)
    # Most views are of a call without any list: then the page need not ask for its lists.
    if not memory.kept(call, "lists", lambda: publications.count(call.id)):
        read_along(publications.of_call, call.id, gives=[])
    return _afterwards(call, published, page) if published else _before(call, reader, page)


def _before(call: Call, reader: int, page: int) -> Room:
    """Gather what is found from the evaluations as they are now."""
    hidden = hidden_from(call, reader)
    counts, found = queries.states(call.id), finding.found(call, hidden)
    points = found.points[:POINTS]
    paged, first, number = _page(len(found.rows), page)
    rows = found.rows[first : first + number]
    dots = found.spread.few if found.spread else ()
    shown = {each.application_id for each in (*rows, *dots) if not isinstance(each, Cut)} | {each for each, _kind in points}
    known = _known(call, shown)
    return Room(
        call=call,
        published=None,
        counts=counts,
        progress=_progress(counts, found.given),
        spread=_spread(found, call.cohort.seats - call.cohort.taken, known),
        open_points=tuple(_open_point(known[each], kind) for each, kind in points),
        open_number=len(found.points),
        why_not=publishing.why_not(call, found.unsettled),
        offers=found.offers,
        cut_off=found.spread.cut_off if found.spread else None,
        standings={},
        rows=rows,
        paged=paged,
        known=known,
        hidden=hidden,
        beside=beside.notes(call.id, tuple(known)),
        by_two=_by_two(call),
    )


def _afterwards(call: Call, published: Ranking, page: int) -> Room:
    """Gather what was published and what became of it."""
    counts, listed, standings = queries.states(call.id), finding.listed(call, published), offering.standings(call.id)
    paged, first, number = _page(listed.lines + (listed.cut is not None), page)
    rows, few = _published(call.id, first, number, listed.cut), listed.spread.few if listed.spread else ()
    known = _known(call, {each.application_id for each in (*rows, *few) if not isinstance(each, Cut)})
    names = {each.application_id: _("Withdrawn application") for each in few} | {key: each.name for key, each in known.items()}
    return Room(
        call=call,
        published=published,
        counts=counts,
        progress=_progress(counts, listed.given),
        spread=spreads.drawn(listed.spread, published.seats, names, frozenset()) if listed.spread else None,
        open_points=(),
        open_number=0,
        why_not=None,
        offers=listed.offers,
        cut_off=listed.spread.cut_off if listed.spread else None,
        standings=standings,
        rows=rows,
        paged=paged,
        known=known,
        hidden=frozenset(),
        beside=beside.notes(call.id, tuple(known)),
        by_two=_by_two(call),
    )


def _by_two(call: Call) -> int:
    return memory.kept(call, "by two", lambda: proposals.number(call.id))


def _page(total: int, asked: int) -> tuple[Paged, int, int]:
    """Give the page of so many rows that is *asked* for, its first row, from 0, and how many it has."""
    page, pages, first = cut_out(total, asked)
    before, after = (f"?page={each}#ranking" if 1 <= each <= pages else None for each in (page - 1, page + 1))
    return Paged((), page, pages, total, before, after), first, min(ROWS_A_PAGE, total - first)


def _published(call_id: int, first: int, number: int, cut: int | None) -> list[Placed | Cut]:
    """Read the rows from *first*; the row at *cut* is no application but parts the places from the reserve list."""
    if cut is None or first + number <= cut:
        return [*offering.some_places(call_id, first, number)]
    if first > cut:
        return [*offering.some_places(call_id, first - 1, number)]
    rows: list[Placed | Cut] = [*offering.some_places(call_id, first, number - 1)]
    return [*rows[: cut - first], Cut.PLACES, *rows[cut - first :]]


def _known(call: Call, shown: set[int]) -> dict[int, Judged]:
    """Read those that are *shown*, with their evaluations; names are never kept, so that a new name is seen at once."""
    return {each.id: queries.scored(each, {}, call.gap) for each in queries.reviewed(call.id, tuple(sorted(shown)))} if shown else {}


def _open_point(judged: Judged, kind: Point) -> OpenPoint:
    return OpenPoint(OPEN[kind], judged.name, url_for("online_call.file", application_id=judged.id, _anchor="evaluators"))


def _spread(found: Found, seats: int, known: Mapping[int, Judged]) -> charts.Chart | None:
    names = {key: each.name for key, each in known.items()}
    return spreads.drawn(found.spread, seats, names, {each for each, _kind in found.points}) if found.spread else None


def _progress(counts: Mapping[str, int], given: Mapping[int, tuple[int, int]]) -> charts.Chart:
    submitted, eligible = (
        sum(counts.get(state, 0) for state in (State.SUBMITTED, State.ELIGIBLE, State.NOT_ELIGIBLE)),
        counts.get(State.ELIGIBLE, 0),
    )
    none = (0, eligible)
    rows = [
        (_("Checked for eligibility"), submitted - counts.get(State.SUBMITTED, 0), submitted),
        (_("First evaluation"), given.get(1, none)[0], eligible),
        (_("Second evaluation"), given.get(2, none)[0], eligible),
    ]
    thirds_given, thirds = given.get(3, (0, 0))
    if thirds:
        rows.append((_("Third evaluation, where two are far apart"), thirds_given, thirds))
    bars = [charts.Bar(text, done, of, _("{done} of {total}", done=done, total=of)) for text, done, of in rows]
    return charts.bars(bars, title=_("Progress"), heads=(_("Step"), _("Done")))
