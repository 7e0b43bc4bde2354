"""What an applicant sees of a list that was published: the own line and where the cut-off lies, never another's."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message
from inspire_lms.plugins.online_call.applying import notice
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.judging.queries import is_published
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.publishing import queries
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.questions import form_of
from inspire_lms.plugins.online_call.ranking import told
from inspire_lms.plugins.online_call.ranking.terms import quotas_of


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
    settled: Message | None
    """What separated it from the line above with the same total."""
    moved: Message | None
    """Which quota brings it in or keeps it out; or why more points than the cut-off bring no place."""


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
    cut_off = min((Decimal(each["total"]) for each in publication.lines if each["chosen"]), default=None)
    titles = {each.code: each.title for each in applying.criteria(application.call_id)}
    return OwnLine(
        position=kept["position"],
        total=Decimal(kept["total"]),
        points=_points(application, kept),
        cut_off=cut_off,
        is_chosen=kept["chosen"],
        is_suitable=kept["suitable"],
        settled=notice.settled_oneself(kept["settled_by"], titles),
        moved=_moved(application, kept, cut_off),
    )


def _moved(application: Application, kept: Mapping[str, Any], cut_off: Decimal | None) -> Message | None:
    quotas, form = quotas_of(application.call.quotas), form_of(application.call.form)
    moved = told.moved_oneself(kept["moved_by"], is_in=kept["chosen"], quotas=quotas, form=form)
    return moved or told.above_the_cut_off(Decimal(kept["total"]), cut_off, waits=kept["suitable"] and not kept["chosen"])


def _points(application: Application, kept: dict[str, Any]) -> tuple[tuple[Words, Decimal, int], ...]:
    counting = [each for each in applying.criteria(application.call_id) if each.counts]
    return tuple((each.title, Decimal(kept["points"].get(each.code, "0")), each.weight) for each in counting)
