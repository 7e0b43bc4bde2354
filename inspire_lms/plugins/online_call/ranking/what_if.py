"""What would change if: other seats, least score, gap or quotas, before the ranking is published. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from inspire_lms.kernel.errors import Refused
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.judging.queries import Judged
from inspire_lms.plugins.online_call.judging.room import ranked
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.questions import form_of
from inspire_lms.plugins.online_call.ranking import queries
from inspire_lms.plugins.online_call.ranking.order import Line
from inspire_lms.plugins.online_call.ranking.order import ranked as in_order
from inspire_lms.plugins.online_call.ranking.quotas import why_not_reserve
from inspire_lms.plugins.online_call.ranking.terms import Quota, Terms, code_of
from inspire_lms.plugins.online_call.rules import REVIEWS
from inspire_lms.plugins.online_call.scoring import needs_third


@dataclass(frozen=True)
class Changed:
    """Somebody who would get an offer and does not now, or the other way round."""

    application_id: int
    name: str
    comes_in: bool
    now: Line
    then: Line


@dataclass(frozen=True)
class Outcome:
    """What other terms would change."""

    changed: tuple[Changed, ...]
    """In the order that the list would have."""
    offers: int
    """How many would get an offer."""
    third_due: int
    """Third evaluations that would be needed and are not there; their scores may still move."""
    left_out: int
    """Applications that the reader has still to evaluate: what others gave stays out of sight."""


def asked(call: Call, values: Mapping[str, Any]) -> tuple[Terms, Decimal]:
    """Make the terms, and the gap, that the form asks for; a quota without a number is left out. Raises Refused."""
    terms = queries.terms_of(call)
    quotas = tuple(_with(each, values[f"quota-{each.code}"]) for each in terms.quotas if values[f"quota-{each.code}"] is not None)
    if reason := why_not_reserve(quotas, form_of(call.form), seats=values["seats"]):
        raise Refused(reason)
    return replace(terms, seats=values["seats"], suitable_from=values["suitable_from"], quotas=quotas), values["gap"]


def _with(quota: Quota, number: int) -> Quota:
    return replace(quota, least=number) if quota.least is not None else replace(quota, most=number)


def outcome(call: Call, reader: int, terms: Terms, gap: Decimal) -> Outcome:
    """Rank by *terms* and *gap*, and say who would come in and who would go out; as many statements for ten as for a thousand."""
    found = ranked(call, reader, call.chain)
    seen = [each for each in found.judged if each.id not in found.hidden]
    marks = judging.marks_by_review(call.id, call.chain)
    judged = [judging.scored(_without_third(each, gap), marks, gap) for each in seen]
    codes = {each.code for each in terms.quotas}
    entries = [
        each._replace(groups=tuple(group for group in each.groups if code_of(group) in codes)) for each in queries.entries(call, judged)
    ]
    lines = in_order(entries, terms)
    return Outcome(
        changed=_compared(seen, found.lines, lines),
        offers=sum(line.is_chosen for line in lines),
        third_due=sum(each.is_third_due for each in judged),
        left_out=len(found.hidden),
    )


def _without_third(judged: Judged, gap: Decimal) -> Judged:
    """Leave out a third evaluation that nobody would have asked for."""
    first_two = tuple(each for each in judged.reviews if each.turn <= REVIEWS)
    totals = [each.total for each in first_two if each.total is not None]
    return judged if needs_third(totals, gap) or len(totals) < REVIEWS else judged._replace(reviews=first_two)


def _compared(judged: Sequence[Judged], now: Sequence[Line], then: Sequence[Line]) -> tuple[Changed, ...]:
    before, known = {line.entry.number: line for line in now}, {each.number: each for each in judged}
    return tuple(
        Changed(known[line.entry.number].id, known[line.entry.number].name, line.is_chosen, before[line.entry.number], line)
        for line in then
        if line.is_chosen is not before[line.entry.number].is_chosen
    )
