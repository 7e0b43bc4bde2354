"""The spread of the total scores: counted once, drawn in the language of the reader."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from inspire_lms.kernel import charts
from inspire_lms.kernel.i18n import _, number

FEW = 60
"""Up to so many people are drawn as dots, one each."""
BAND = 5
"""Points in one band of the spread."""
TOP = 100
"""The most points that an application can have."""


class Scored(NamedTuple):
    """One total of the spread."""

    application_id: int
    total: Decimal
    is_chosen: bool
    """It gets, or got, an offer at first."""


class Spread(NamedTuple):
    """The totals of a selection, counted."""

    least: Decimal
    most: Decimal
    median: Decimal
    bands: Mapping[int, int]
    """How many totals lie in the band of *BAND* points that begins there."""
    cut_off: Decimal | None
    """The lowest total that gets, or got, an offer at first; None when nobody does."""
    few: tuple[Scored, ...]
    """Each one, when there are no more than *FEW*; empty otherwise."""


def spread(totals: Mapping[Decimal, int], cut_off: Decimal | None, scored: Iterable[Scored]) -> Spread | None:
    """Count the *totals*, each so often; None while there is none. *scored* are asked for only when they are few."""
    if not totals:
        return None
    bands: Counter[int] = Counter()
    for total, count in totals.items():
        bands[int(total // BAND * BAND)] += count
    few = tuple(scored) if totals_in(totals) <= FEW else ()
    return Spread(min(totals), max(totals), _median(totals), bands, cut_off, few)


def totals_in(totals: Mapping[Decimal, int]) -> int:
    """Say how many there are."""
    return sum(totals.values())


def _median(totals: Mapping[Decimal, int]) -> Decimal:
    """Give the middle total; of an even number the mean of the two in the middle."""
    number_of, seen = totals_in(totals), 0
    middle = []
    for total in sorted(totals):
        seen += totals[total]
        # The places of the middle, from 1: both are the same when the number is odd.
        middle += [total for place in ((number_of + 1) // 2, number_of // 2 + 1) if seen - totals[total] < place <= seen]
    return (middle[0] + middle[1]) / 2


def drawn(found: Spread, seats: int, names: Mapping[int, str], unsettled: Collection[int]) -> charts.Chart:
    """Draw it: one dot for each person while they are few, by name; *unsettled* are applications with an open point."""
    sentence = _(
        "Median {median}; from {least} to {most}.",
        median=number(found.median, 2),
        least=number(found.least, 2),
        most=number(found.most, 2),
    )
    least, title = min(TOP - BAND, int(found.least // BAND * BAND)), _("Spread of the total scores")
    if not found.few:
        return _bands(found.bands, least, title, sentence)
    # Where quotas moved somebody no total parts those with a place from those without.
    is_parted = found.cut_off is not None and all(each.is_chosen or each.total <= found.cut_off for each in found.few)
    cut = (found.cut_off, _("cut-off {points}", points=number(found.cut_off, 2))) if found.cut_off is not None and is_parted else None
    dots = [charts.Dot(f"{names[each.application_id]}: {number(each.total, 2)}", each.total, _dot(each, unsettled)) for each in found.few]
    note = _("One dot is one person. Full: within the {seats} places. Hollow: not. Diamond: an open point.", seats=seats)
    if found.cut_off is not None and not is_parted:
        note = _(
            "One dot is one person. Full: within the {seats} places, by points and quotas. Hollow: not. Diamond: an open point.",
            seats=seats,
        )
    heads = (_("Points"), _("Applicants"))
    return charts.dots(dots, least=least, most=TOP, band=BAND, title=title, sentence=sentence, cut=cut, heads=heads, note=note)


def _dot(scored: Scored, unsettled: Collection[int]) -> str:
    if scored.application_id in unsettled:
        return "open"
    return "full" if scored.is_chosen else "hollow"


def _bands(bands: Mapping[int, int], least: int, title: str, sentence: str) -> charts.Chart:
    starts: Sequence[int] = range(least, TOP + 1, BAND)
    counted = {start: bands.get(start, 0) for start in starts}
    most = max(counted.values())
    named = {start: _("{start} to under {end}", start=start, end=start + BAND) for start in starts}
    bars = [charts.Bar(named[start], count, most, str(count)) for start, count in counted.items()]
    return charts.bars(bars[::-1], title=title, sentence=sentence, heads=(_("Points"), _("Applicants")))
