"""The committee room of a country: how far the selection is, what is still open, and the ranking."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import NamedTuple

from flask import url_for

from inspire_lms.kernel import charts, clock
from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.kernel.i18n import _, number
from inspire_lms.plugins.online_call.judging import queries
from inspire_lms.plugins.online_call.judging.queries import Judged
from inspire_lms.plugins.online_call.marking import beside
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.plugins.online_call.offering import queries as offering
from inspire_lms.plugins.online_call.offering.models import Ranking
from inspire_lms.plugins.online_call.offering.queries import Placed
from inspire_lms.plugins.online_call.ranking.order import Line
from inspire_lms.plugins.online_call.rules import REVIEWS, Phase, ReviewState, State

FEW = 60
"""Up to so many people are drawn as dots, one each."""
BAND = 5
"""Points in one band of the spread."""


class Scored(NamedTuple):
    """One total of the spread."""

    name: str
    total: Decimal
    is_chosen: bool
    """It gets, or got, an offer at first."""


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
    """All that the room shows, but for the rows of the ranking."""

    call: Call
    published: Ranking | None
    counts: Mapping[str, int]
    """The applications, by state."""
    progress: charts.Chart
    spread: charts.Chart | None
    open_points: tuple[OpenPoint, ...]
    why_not: Reason | None
    """Why the ranking cannot be published now."""
    offers: int
    """How many places publishing would offer."""
    cut_off: Decimal | None
    ranked: Ranked | None
    """The provisional ranking; None once one is published."""
    places: Mapping[int, Placed]
    """The published ranking, by application; empty before."""
    beside: Mapping[int, str]
    """What stands beside the total, by application; empty where everything counts."""

    @property
    def phase(self) -> Phase:
        """Whether the call is still to open, open or closed now."""
        return self.call.window.phase(clock.now())

    @property
    def may_publish(self) -> bool:
        """Whether nothing stands between the ranking and its publication."""
        return self.published is None and self.why_not is None

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

    @property
    def standings(self) -> Counter[str]:
        """Count the lines of the published ranking by what became of them."""
        return Counter(each.standing for each in self.places.values())


def ranked(call: Call, reader: int, criteria: Sequence[str] | None = None) -> Ranked:
    """Rank what has a score so far; the scores hold the points of these *criteria*, None for all."""
    judged = queries.judged(call, criteria)
    mine = [one for each in judged for one in each.reviews if one.evaluator_id == reader and one.state == ReviewState.ASKED]
    hidden = frozenset(one.application_id for one in mine) if not queries.is_published(call.id) else frozenset()
    return Ranked(tuple(judged), publishing.provisional(call, [each for each in judged if each.id not in hidden]), hidden)


def room(call: Call, reader: int) -> Room:
    """Gather what the committee room shows to *reader*; as many statements for ten applications as for a thousand."""
    published = queries.ranking_of(call.id)
    return _afterwards(call, published) if published else _before(call, reader)


def _before(call: Call, reader: int) -> Room:
    """Gather what is found from the evaluations as they are now. Of the points, only the criteria that settle ties are asked for."""
    counts, found = queries.states(call.id), ranked(call, reader, call.chain)
    seats = call.cohort.seats - call.cohort.taken
    points = tuple(_open_points(found))
    chosen = [line.entry.total for line in found.lines if line.is_chosen]
    cut_off = min(chosen, default=None)
    names = {each.number: each.name for each in found.judged}
    totals = [Scored(names[line.entry.number], line.entry.total, line.is_chosen) for line in found.lines]
    return Room(
        call=call,
        published=None,
        counts=counts,
        progress=_progress(counts, _given(found.judged)),
        spread=_spread(totals, cut_off, seats, {point.about for point in points}),
        open_points=points,
        why_not=publishing.why_not(call, found.judged),
        offers=len(chosen),
        cut_off=cut_off,
        ranked=found,
        places={},
        beside=beside.notes(call.id),
    )


def _afterwards(call: Call, published: Ranking) -> Room:
    """Gather what was published and what became of it. It is not found from the evaluations again: that is what is fixed."""
    counts, places = queries.states(call.id), offering.places_of(call.id)
    chosen = offering.chosen_at_first(places.values(), published)
    cut_off = min((each.total for each in chosen), default=None)
    selected = {each.application_id for each in chosen}
    few = queries.reviewed(call.id, None) if len(places) <= FEW else ()
    names, withdrawn = {each.id: each.name for each in few}, _("Withdrawn application")
    totals = [Scored(names.get(key, withdrawn), each.total, key in selected) for key, each in places.items()]
    return Room(
        call=call,
        published=published,
        counts=counts,
        progress=_progress(counts, queries.evaluations(call.id)),
        spread=_spread(totals, cut_off, published.seats, set()),
        open_points=(),
        why_not=None,
        offers=len(chosen),
        cut_off=cut_off,
        ranked=None,
        places=places,
        beside=beside.notes(call.id),
    )


def _open_points(found: Ranked) -> list[OpenPoint]:
    points = []
    for each in found.judged:
        if each.is_third_due and each.turn(3) is None and each.id not in found.hidden:
            points.append(_open_point(each, Message("Two scores are too far apart; a third evaluator is to be asked")))
        if sum(1 for one in each.reviews if one.turn <= REVIEWS) < REVIEWS:
            points.append(_open_point(each, Message("An evaluator is missing")))
    return points


def _open_point(judged: Judged, text: Message) -> OpenPoint:
    return OpenPoint(text, judged.name, url_for("online_call.file", application_id=judged.id, _anchor="evaluators"))


def _given(judged: Sequence[Judged]) -> dict[int, tuple[int, int]]:
    """Count by turn how many evaluations are given, and of how many."""
    done = Counter(one.turn for each in judged for one in each.reviews if one.state == ReviewState.DONE)
    thirds = sum(1 for each in judged if each.is_third_due or each.turn(3) is not None)
    return {1: (done[1], len(judged)), 2: (done[2], len(judged)), 3: (done[3], thirds)}


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


def _spread(scored: Sequence[Scored], cut_off: Decimal | None, seats: int, unsettled: set[str]) -> charts.Chart | None:
    """Draw the totals of those *scored*; None while there is no score."""
    if not scored:
        return None
    totals = [each.total for each in scored]
    sentence = _(
        "Median {median}; from {least} to {most}.",
        median=number(Decimal(str(median(totals))), 2),
        least=number(min(totals), 2),
        most=number(max(totals), 2),
    )
    least = min(100 - BAND, int(min(totals) // BAND * BAND))
    title = _("Spread of the total scores")
    if len(totals) > FEW:
        return _bands(totals, least, title, sentence)
    # Where quotas moved somebody no total parts those with a place from those without.
    is_parted = cut_off is not None and all(each.is_chosen or each.total <= cut_off for each in scored)
    cut = (cut_off, _("cut-off {points}", points=number(cut_off, 2))) if cut_off is not None and is_parted else None
    dots = [charts.Dot(f"{each.name}: {number(each.total, 2)}", each.total, _dot(each, unsettled)) for each in scored]
    note = _("One dot is one person. Full: within the {seats} places. Hollow: below. Diamond: an open point.", seats=seats)
    if cut_off is not None and not is_parted:
        note = _(
            "One dot is one person. Full: within the {seats} places, by points and quotas. Hollow: not. Diamond: an open point.",
            seats=seats,
        )
    heads = (_("Points"), _("Applicants"))
    return charts.dots(dots, least=least, most=100, band=BAND, title=title, sentence=sentence, cut=cut, heads=heads, note=note)


def _dot(scored: Scored, unsettled: set[str]) -> str:
    if scored.name in unsettled:
        return "open"
    return "full" if scored.is_chosen else "hollow"


def _bands(totals: Sequence[Decimal], least: int, title: str, sentence: str) -> charts.Chart:
    starts = range(least, 101, BAND)
    in_band = Counter(int(total // BAND * BAND) for total in totals)
    counted = {start: in_band[start] for start in starts}
    most = max(counted.values())
    named = {start: _("{start} to under {end}", start=start, end=start + BAND) for start in starts}
    bars = [charts.Bar(named[start], count, most, str(count)) for start, count in counted.items()]
    return charts.bars(bars[::-1], title=title, sentence=sentence, heads=(_("Points"), _("Applicants")))
