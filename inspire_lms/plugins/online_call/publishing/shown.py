"""What an applicant sees of a list that was published: the own line and where the cut-off lies, never another's."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from inspire_lms.kernel.db import Words
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.judging.queries import is_published
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.publishing import queries
from inspire_lms.plugins.online_call.publishing.models import Publication


@dataclass(frozen=True)
class OwnLine:
    """One's own line of a list."""

    position: int
    total: Decimal
    points: tuple[tuple[Words, Decimal, int], ...]
    """Criterion, own points, most points."""
    cut_off: Decimal | None
    """The lowest total among those who would get a place at first; None when nobody would."""
    is_chosen: bool
    """It would get a place at first."""
    is_suitable: bool


@dataclass(frozen=True)
class OwnResult:
    """The own result in the provisional list."""

    publication: Publication
    line: OwnLine | None
    """None for who is not in the list: the application does not take part."""


def own_result(application: Application) -> OwnResult | None:
    """Give the own provisional result; None before it is published, and when the final list has followed."""
    found = None if is_published(application.call_id) else queries.provisional(application.call_id)
    return OwnResult(found, line_in(found, application)) if found else None


def line_in(publication: Publication, application: Application) -> OwnLine | None:
    """Find the line of an application in a publication."""
    kept = next((each for each in publication.lines if each["number"] == application.protocol_number), None)
    if kept is None:
        return None
    chosen = [Decimal(each["total"]) for each in publication.lines if each["chosen"]]
    return OwnLine(
        position=kept["position"],
        total=Decimal(kept["total"]),
        points=_points(application, kept),
        cut_off=min(chosen, default=None),
        is_chosen=kept["chosen"],
        is_suitable=kept["suitable"],
    )


def _points(application: Application, kept: dict[str, Any]) -> tuple[tuple[Words, Decimal, int], ...]:
    criteria = applying.criteria(application.call_id)
    return tuple((each.title, Decimal(kept["points"].get(each.code, "0")), each.weight) for each in criteria)
