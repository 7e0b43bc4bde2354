"""From what plugins answer to what the page shows: stages, indicators, people at risk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from inspire_lms.contracts.assessment import Result
from inspire_lms.contracts.attendance import Share
from inspire_lms.contracts.award import Held
from inspire_lms.contracts.pages import Figure
from inspire_lms.contracts.survey import Participation


class Verdict(StrEnum):
    """How a figure stands against its target."""

    NOTHING = "nothing"
    """Nothing to measure yet."""
    NO_TARGET = "no_target"
    REACHED = "reached"
    MISSED = "missed"


class Risk(StrEnum):
    """Whether a trainee can still reach the attendance that the certificate asks for."""

    NONE = "none"
    POSSIBLE = "possible"
    """Reachable, but more than half of the minutes that may be missed have been missed already."""
    LOST = "lost"


@dataclass(frozen=True)
class Row:
    """One trainee, from attendance to survey."""

    person_id: int
    name: str
    share: Share | None
    """None when nobody knows about attendance."""
    results: tuple[Result, ...]
    survey: Participation | None
    certificate: Held | None
    """The newest one."""

    @property
    def risk(self) -> Risk:
        """Say whether the attendance is in danger."""
        return risk_of(self.share)


def funnel(figures: Iterable[Figure]) -> list[Figure]:
    """List the stages in their order."""
    return sorted((one for one in figures if one.kind == "funnel"), key=lambda one: (one.order, one.code))


def indicators(figures: Iterable[Figure]) -> list[Figure]:
    """List the indicators in their order."""
    return sorted((one for one in figures if one.kind == "kpi"), key=lambda one: (one.order, one.code))


def verdict(figure: Figure) -> Verdict:
    """Compare a figure with its target; reaching it exactly is reaching it."""
    if figure.value is None:
        return Verdict.NOTHING
    if figure.target is None:
        return Verdict.NO_TARGET
    reached = figure.value <= figure.target if figure.target_is_maximum else figure.value >= figure.target
    return Verdict.REACHED if reached else Verdict.MISSED


def risk_of(share: Share | None) -> Risk:
    """Say whether the threshold is out of reach, in danger, or neither."""
    if share is None or not share.scheduled or share.is_met:
        return Risk.NONE
    if share.reachable < share.needed:
        return Risk.LOST
    left, missing = share.scheduled - share.held, share.needed - share.minutes
    missed = share.held - share.minutes
    spare = share.scheduled - share.needed
    return Risk.POSSIBLE if missed * 2 > spare and left and missing else Risk.NONE


def rows(
    people: Iterable[tuple[int, str]],
    shares: Mapping[int, Share],
    results: Mapping[int, tuple[Result, ...]],
    surveys: Mapping[int, Participation],
    certificates: Mapping[int, tuple[Held, ...]],
) -> list[Row]:
    """Put what is known about each person into one row, in the order given."""
    return [
        Row(
            person_id,
            name,
            shares.get(person_id),
            results.get(person_id, ()),
            surveys.get(person_id),
            next(iter(certificates.get(person_id, ())), None),
        )
        for person_id, name in people
    ]


def at_risk(people: Iterable[Row]) -> list[Row]:
    """List those whose attendance is lost or in danger, the worst first."""
    endangered = [row for row in people if row.risk is not Risk.NONE]
    return sorted(endangered, key=lambda row: (row.risk is not Risk.LOST, row.share.minutes if row.share else 0, row.name))


def share_in_percent(share: Share) -> Decimal:
    """Minutes present in per cent of the minutes held, rounded half up to one place; 0 before the first webinar."""
    if not share.held:
        return Decimal(0)
    return (Decimal(100 * share.minutes) / share.held).quantize(Decimal("0.1"), "ROUND_HALF_UP")
