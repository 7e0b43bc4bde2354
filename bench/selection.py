"""The selection: from the marks to the published lines, beside sorting as many tuples in the same run; `make bench` prints it."""

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from inspire_lms.plugins.online_call import scoring
from inspire_lms.plugins.online_call.ranking import order
from inspire_lms.plugins.online_call.ranking.order import Entry, Line
from inspire_lms.plugins.online_call.ranking.terms import Quota, Terms, groups_of

APPLICATIONS, CRITERIA, EVALUATORS, SEATS = 5000, 10, 3, 300
WANTED = 50
"""The ranking may cost so many times what it costs to sort its keys."""
AT = datetime(2026, 12, 1, tzinfo=UTC)
CODES = tuple(f"criterion-{number}" for number in range(CRITERIA))
QUOTAS = (
    Quota("towns", {}, "kind", ("town",), 20, None),
    Quota("islands", {}, "region", ("region-1", "region-2"), 60, None),
    Quota("regions", {}, "region", (), None, 30),
)
TERMS = Terms((CODES[0], CODES[1], order.SUBMITTED), "a seed", Decimal(50), SEATS, QUOTAS)


class Handed(NamedTuple):
    """One application with the marks of all its evaluators."""

    number: str
    marks: Sequence[Mapping[str, Decimal]]
    submitted_at: datetime
    answers: Mapping[str, str]


def lines(rounds: int) -> Iterator[str]:
    """Measure the ranking, and say how many ties and quotas were in it."""
    applications = _applications()
    found = _ranked(applications)
    entries = [line.entry for line in found]
    keys = [(-each.total, *(-each.points[code] for code in CODES[:2]), each.submitted_at, each.number) for each in entries]
    Random(2).shuffle(keys)
    ours, floor = [], []
    for _round in range(rounds):
        ours.append(_spent(lambda: _ranked(applications)))
        floor.append(_spent(lambda: sorted(keys)))
    ratio = statistics.median(ours) / statistics.median(floor)
    ties, moved = sum(line.settled_by is not None for line in found), sum(bool(line.moved_by) for line in found)
    yield (
        f"{'ranking : sorting tuples':30}{ratio:7.1f}  at most {WANTED}  {'ok' if ratio <= WANTED else 'over'}  "
        f"{statistics.median(ours):.1f} ms : {statistics.median(floor):.1f} ms; {APPLICATIONS} applications, {CRITERIA} criteria, "
        f"{EVALUATORS} evaluators, {ties} ties, {moved} moved by quotas"
    )


def _ranked(applications: Sequence[Handed]) -> tuple[Line, ...]:
    entries = []
    for each in applications:
        score = scoring.score(each.marks)
        entries.append(Entry(each.number, score.total, score.points, each.submitted_at, groups_of(each.answers, QUOTAS)))
    return order.ranked(entries, TERMS)


def _applications() -> list[Handed]:
    random = Random(1)
    made = []
    for number in range(APPLICATIONS):
        worth = random.randrange(6, 18)
        marks = [{code: Decimal(worth + random.randrange(-2, 3)) / 2 for code in CODES} for _evaluator in range(EVALUATORS)]
        answers = {"kind": random.choice(("town", "state", "school")), "region": f"region-{random.randrange(20)}"}
        made.append(Handed(f"INSPIREPA-IT-2026-{number:06d}", marks, AT + timedelta(seconds=random.randrange(2000)), answers))
    return made


def _spent(deed: Callable[[], object]) -> float:
    before = time.process_time()
    deed()
    return (time.process_time() - before) * 1000
