"""The committee room of a country: how far the selection is, what is still open, and the ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from flask import url_for

from inspire_lms.kernel import charts, clock
from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.kernel.i18n import _, number, show
from inspire_lms.plugins.online_call import ranking
from inspire_lms.plugins.online_call.judging import queries
from inspire_lms.plugins.online_call.judging.queries import Judged
from inspire_lms.plugins.online_call.models import Call, Place, Ranking
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.plugins.online_call.rules import HOLDING, Phase, ReviewState, Standing, State

FEW = 60
"""Up to so many people are drawn as dots, one each."""
BAND = 5
"""Points in one band of the spread."""


@dataclass(frozen=True)
class OpenPoint:
    """Something that can still move the cut-off."""

    text: Message
    about: str
    href: str


@dataclass(frozen=True)
class Room:
    """All that the room shows, but for the rows of the ranking."""

    call: Call
    phase: Phase
    published: Ranking | None
    counts: Mapping[str, int]
    eligible: int
    undecided: int
    progress: charts.Chart
    spread: charts.Chart | None
    open_points: tuple[OpenPoint, ...]
    why_not: Reason | None
    """Why the ranking cannot be published now."""
    offers: int
    """How many places publishing would offer."""
    cut_off: Decimal | None
    judged: tuple[Judged, ...]
    lines: tuple[ranking.Line, ...]
    places: Mapping[int, Place]
    hidden: frozenset[int]
    """Applications that the reader has still to evaluate: what others gave stays out of sight."""

    @property
    def submitted(self) -> int:
        """How many applications were submitted, withdrawn ones included."""
        return sum(count for state, count in self.counts.items() if state != State.DRAFT)

    @property
    def held(self) -> int:
        """How many places are offered or accepted now."""
        return sum(1 for each in self.places.values() if each.standing in HOLDING)


def room(call: Call, reader: int) -> Room:
    """Gather what the committee room shows to *reader*; eight statements, however many applications there are."""
    counts, judged = queries.states(call.id), queries.judged(call)
    published, places = queries.ranking_of(call.id), queries.places_of(call.id)
    mine = [one for each in judged for one in each.reviews if one.evaluator_id == reader and one.state == ReviewState.ASKED]
    hidden = frozenset(one.application_id for one in mine) if not published else frozenset()
    seen = [each for each in judged if each.id not in hidden]
    lines = publishing.provisional(call, seen)
    seats = published.seats if published else call.cohort.seats - call.cohort.taken
    suitable = [line for line in lines if line.is_suitable]
    points = tuple(_open_points(judged, hidden)) if not published else ()
    totals = [each.total for each in places.values() if each.standing != Standing.UNSUITABLE] or [each.entry.total for each in suitable]
    cut_off = totals[min(seats, len(totals)) - 1] if totals and seats else None
    return Room(
        call=call,
        phase=call.window.phase(clock.now()),
        published=published,
        counts=counts,
        eligible=counts.get(State.ELIGIBLE, 0),
        undecided=counts.get(State.SUBMITTED, 0),
        progress=_progress(counts, judged),
        spread=_spread(seen, cut_off, seats, {point.about for point in points}) if lines else None,
        open_points=points,
        why_not=publishing.why_not(call, judged),
        offers=min(seats, len(suitable)),
        cut_off=cut_off,
        judged=tuple(judged),
        lines=lines,
        places=places,
        hidden=hidden,
    )


def _open_points(judged: Sequence[Judged], hidden: frozenset[int]) -> list[OpenPoint]:
    found = []
    for each in judged:
        if each.is_third_due and each.turn(3) is None and each.id not in hidden:
            found.append(_open_point(each, Message("Two scores are too far apart; a third evaluator is to be asked")))
        if sum(1 for one in each.reviews if one.turn < 3) < 2:  # noqa: PLR2004 (two evaluators, and the third turn)
            found.append(_open_point(each, Message("An evaluator is missing")))
    return found


def _open_point(judged: Judged, text: Message) -> OpenPoint:
    return OpenPoint(text, judged.name, url_for("online_call.file", application_id=judged.id, _anchor="evaluators"))


def _progress(counts: Mapping[str, int], judged: Sequence[Judged]) -> charts.Chart:
    submitted = sum(counts.get(state, 0) for state in (State.SUBMITTED, State.ELIGIBLE, State.NOT_ELIGIBLE))
    rows = [(_("Checked for eligibility"), submitted - counts.get(State.SUBMITTED, 0), submitted)]
    for turn, text in ((1, _("First evaluation")), (2, _("Second evaluation"))):
        rows.append((text, sum(1 for each in judged if _is_given(each, turn)), len(judged)))
    thirds = [each for each in judged if each.is_third_due or each.turn(3) is not None]
    if thirds:
        rows.append((_("Third evaluation, where two are far apart"), sum(1 for each in thirds if _is_given(each, 3)), len(thirds)))
    bars = [charts.Bar(text, done, of, _("{done} of {total}", done=done, total=of)) for text, done, of in rows]
    return charts.bars(bars, title=_("Progress"), heads=(_("Step"), _("Done")))


def _is_given(judged: Judged, turn: int) -> bool:
    given = judged.turn(turn)
    return given is not None and given.state == ReviewState.DONE


def _spread(judged: Sequence[Judged], cut_off: Decimal | None, seats: int, unsettled: set[str]) -> charts.Chart:
    totals = {each.id: each.score.total for each in judged if each.score}
    sentence = _(
        "Median {median}; from {least} to {most}.",
        median=number(Decimal(str(median(totals.values()))), 2),
        least=number(min(totals.values()), 2),
        most=number(max(totals.values()), 2),
    )
    least = int(min(totals.values()) // BAND * BAND)
    title = _("Spread of the total scores")
    cut = (cut_off, _("cut-off {points}", points=number(cut_off, 2))) if cut_off is not None else None
    if len(totals) > FEW:
        return _bands(totals, least, title, sentence)
    dots = [
        charts.Dot(f"{each.name}: {number(totals[each.id], 2)}", totals[each.id], _dot(each, totals[each.id], cut_off, unsettled))
        for each in judged
        if each.id in totals
    ]
    note = _("One dot is one person. Full: within the {seats} places. Hollow: below. Diamond: an open point.", seats=seats)
    heads = (_("Points"), _("Applicants"))
    return charts.dots(dots, least=least, most=100, band=BAND, title=title, sentence=sentence, cut=cut, heads=heads, note=note)


def _dot(judged: Judged, total: Decimal, cut_off: Decimal | None, unsettled: set[str]) -> str:
    if judged.name in unsettled:
        return "open"
    return "full" if cut_off is not None and total >= cut_off else "hollow"


def _bands(totals: Mapping[int, Decimal], least: int, title: str, sentence: str) -> charts.Chart:
    starts = range(least, 101, BAND)
    counted = {start: sum(1 for total in totals.values() if start <= total < start + BAND) for start in starts}
    most = max(counted.values())
    named = {start: _("{start} to under {end}", start=start, end=start + BAND) for start in starts}
    bars = [charts.Bar(named[start], count, most, str(count)) for start, count in counted.items()]
    return charts.bars(bars[::-1], title=title, sentence=sentence, heads=(_("Points"), _("Applicants")))


def named(step: str, titles: Mapping[str, Any]) -> str:
    """Name a step of the tie-break in few words, for a table."""
    if step == ranking.SUBMITTED:
        return _("earlier submission")
    return _("the draw") if step == ranking.DRAW else show(titles.get(step, step))
