"""Windows, attempts, time, drawing and results: the rules, with both sides of each border."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspire_lms.plugins.assessment import drawing, grading, rules
from inspire_lms.plugins.assessment.grading import Marked
from inspire_lms.plugins.assessment.rules import Opening, Terms

NOON = datetime(2027, 4, 12, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)
HOUR = timedelta(hours=1)
TERMS = Terms(opens_at=NOON, closes_at=NOON + 3 * HOUR, zone="Europe/Rome", minutes=45, attempts=2)


@pytest.mark.parametrize(
    ("at", "opening"),
    [(NOON - TICK, Opening.BEFORE), (NOON, Opening.OPEN), (NOON + 3 * HOUR, Opening.OPEN), (NOON + 3 * HOUR + TICK, Opening.OVER)],
)
def test_a_window_is_open_at_both_its_borders(at: datetime, opening: Opening) -> None:
    assert rules.opening(TERMS.opens_at, TERMS.closes_at, at=at) is opening


@pytest.mark.parametrize(
    ("at", "used", "word"),
    [
        (NOON - TICK, 0, "opens"),
        (NOON, 0, None),
        (NOON + 3 * HOUR, 1, None),
        (NOON + 3 * HOUR + TICK, 0, "closed"),
        (NOON, 1, None),
        (NOON, 2, "attempts are used"),
    ],
)
def test_an_attempt_starts_in_the_window_while_attempts_are_left(at: datetime, used: int, word: str | None) -> None:
    reason = rules.why_not_start(TERMS, used=used, at=at)
    assert (reason is None) if word is None else (word in str(reason))


@pytest.mark.parametrize(
    ("started", "minutes", "ends"),
    [
        (NOON, 45, NOON + timedelta(minutes=45)),
        (NOON + 2 * HOUR, 60, NOON + 3 * HOUR),
        (NOON + 2 * HOUR + TICK, 60, NOON + 3 * HOUR),
        (NOON + timedelta(hours=2, minutes=50), 45, NOON + 3 * HOUR),
        (NOON, None, NOON + 3 * HOUR),
    ],
)
def test_an_attempt_ends_after_its_minutes_and_never_after_the_window(started: datetime, minutes: int | None, ends: datetime) -> None:
    assert rules.ends_at(Terms(TERMS.opens_at, TERMS.closes_at, TERMS.zone, minutes, 1), started) == ends


@pytest.mark.parametrize(
    ("minutes", "attempts", "until", "expected"),
    [
        (15, 0, None, (60, 2, NOON + 3 * HOUR)),
        (0, 1, None, (45, 3, NOON + 3 * HOUR)),
        (0, 0, NOON + 5 * HOUR, (45, 2, NOON + 5 * HOUR)),
        (0, 0, NOON + HOUR, (45, 2, NOON + 3 * HOUR)),
    ],
)
def test_an_extension_only_adds(minutes: int, attempts: int, until: datetime | None, expected: tuple[int, int, datetime]) -> None:
    terms = rules.extended(TERMS, minutes=minutes, attempts=attempts, until=until)
    assert (terms.minutes, terms.attempts, terms.closes_at) == expected


def test_an_essay_has_no_minutes_to_extend() -> None:
    assert rules.extended(Terms(NOON, NOON + HOUR, "UTC", None, 1), minutes=15, attempts=0, until=None).minutes is None


@pytest.mark.parametrize(
    ("minutes", "attempts", "until", "is_refused"),
    [(1, 0, None, False), (0, 1, None, False), (0, 0, NOON + TICK, False), (0, 0, NOON, True), (0, 0, None, True), (5, 0, NOON - TICK, True)],
)
def test_an_extension_gives_something(minutes: int, attempts: int, until: datetime | None, is_refused: bool) -> None:
    assert (rules.why_not_extend(minutes=minutes, attempts=attempts, until=until, closes_at=NOON, zone="UTC", at=NOON) is not None) is is_refused


@pytest.mark.parametrize(
    ("until", "at", "is_refused"),
    [(None, NOON, False), (None, NOON + TICK, True), (NOON + HOUR, NOON + HOUR, False), (NOON + HOUR, NOON + HOUR + TICK, True)],
)
def test_after_the_end_an_extension_needs_an_end_that_is_still_to_come(until: datetime | None, at: datetime, is_refused: bool) -> None:
    given = rules.why_not_extend(minutes=15, attempts=1, until=until, closes_at=NOON, zone="UTC", at=at)
    assert (given is not None) is is_refused


@pytest.mark.parametrize(
    ("state", "at", "word"),
    [
        ("open", NOON, None),
        ("open", NOON + TICK, "The time ended"),
        ("submitted", NOON - TICK, "was submitted"),
        ("graded", NOON - TICK, "was submitted"),
        ("submitted", NOON + TICK, "The time ended"),
    ],
)
def test_the_last_moment_still_counts_and_the_next_does_not(state: str, at: datetime, word: str | None) -> None:
    reason = rules.why_not_answer(state, NOON, "Europe/Rome", at=at)
    assert (reason is None) if word is None else (word in str(reason))
    assert rules.is_over(NOON, at=at) is (at > NOON)


@pytest.mark.parametrize(("seconds", "minutes"), [(-1, 0), (0, 0), (1, 1), (60, 1), (61, 2), (2700, 45)])
def test_minutes_left_are_rounded_up(seconds: int, minutes: int) -> None:
    assert rules.minutes_left(NOON + timedelta(seconds=seconds), at=NOON) == minutes


@pytest.mark.parametrize(
    ("state", "reason", "is_refused"),
    [("graded", "Wrong key", False), ("graded", "  ", True), ("submitted", "Wrong key", True), ("open", "Wrong key", True)],
)
def test_a_correction_needs_marks_and_a_reason(state: str, reason: str, is_refused: bool) -> None:
    assert (rules.why_not_correct(state, reason) is not None) is is_refused


@pytest.mark.parametrize(("state", "is_refused"), [("open", True), ("submitted", False), ("graded", False)])
def test_a_running_attempt_is_not_marked(state: str, is_refused: bool) -> None:
    assert (rules.why_not_mark(state) is not None) is is_refused


POOL = {"ethics": [1, 2, 3, 4, 5], "systems": [6, 7, 8], "strategy": [9, 10, 11, 12]}


def test_the_same_seed_draws_the_same_questions_and_another_seed_others() -> None:
    assert drawing.draw(POOL, 2, "a") == drawing.draw(POOL, 2, "a") == [3, 12, 7, 8, 11, 1]
    assert drawing.draw(POOL, 2, "a") != drawing.draw(POOL, 2, "b")


@given(st.lists(st.integers(2, 9), min_size=1, max_size=6), st.text())
def test_every_competence_gives_as_many_questions_each_once(sizes: list[int], seed: str) -> None:
    pool = {f"c{at}": [100 * at + number for number in range(size)] for at, size in enumerate(sizes)}
    drawn = drawing.draw(pool, 2, seed)
    assert len(drawn) == len(set(drawn)) == 2 * len(pool)
    assert all(len(set(numbers) & set(drawn)) == 2 for numbers in pool.values())


@pytest.mark.parametrize(("each", "is_refused"), [(1, False), (3, False), (4, True)])
def test_a_bank_that_is_too_small_says_where(each: int, is_refused: bool) -> None:
    reason = drawing.why_not_draw(POOL, each)
    assert (reason is not None) is is_refused
    assert not reason or str(reason) == "The bank has 3 questions on “systems”, and 4 are needed."


@pytest.mark.parametrize(
    ("share", "most", "points"), [("1", "1", "1"), ("0.3333", "1", "0.33"), ("0.005", "1", "0.01"), ("0.0049", "1", "0"), ("0.5", "0.05", "0.03")]
)
def test_points_are_rounded_half_up(share: str, most: str, points: str) -> None:
    assert grading.points(Decimal(share), Decimal(most)) == Decimal(points)


def marked(*rows: tuple[str, str, str]) -> list[Marked]:
    return [Marked(code, Decimal(points), Decimal(most)) for code, points, most in rows]


@pytest.mark.parametrize(
    ("rows", "percent"),
    [([], "0"), ([("a", "1", "1")], "100"), ([("a", "1", "3")], "33.33"), ([("a", "2", "3")], "66.67"), ([("a", "0.01", "200")], "0.01")],
)
def test_the_result_is_the_share_of_all_points(rows: list[tuple[str, str, str]], percent: str) -> None:
    assert grading.percent(marked(*rows)) == Decimal(percent)


def test_the_result_is_told_by_competence() -> None:
    rows = marked(("systems", "1", "1"), ("ethics", "1", "3"), ("systems", "0", "1"))
    assert grading.by_competence(rows) == {"ethics": Decimal("33.33"), "systems": Decimal("50.00")}


@pytest.mark.parametrize(("percent", "mark", "passed"), [("59.99", 60, False), ("60.00", 60, True), ("0", None, True)])
def test_the_pass_mark_itself_is_enough(percent: str, mark: int | None, passed: bool) -> None:
    assert grading.is_passed(Decimal(percent), mark) is passed


@pytest.mark.parametrize(
    ("pre", "post", "gain"),
    [("40", "70", "0.50"), ("40", "40", "0.00"), ("50", "40", "-0.20"), ("0", "100", "1.00"), ("99.99", "100", "1.00"), ("100", "100", None), ("100", "90", None)],
)
def test_the_gain_is_the_share_of_the_possible_improvement(pre: str, post: str, gain: str | None) -> None:
    assert grading.gain(Decimal(pre), Decimal(post)) == (None if gain is None else Decimal(gain))


@pytest.mark.parametrize(("gains", "middle"), [([], None), ([None], None), (["0.2"], "0.20"), (["0.1", None, "0.4"], "0.25"), (["0.1", "0.2", "0.9"], "0.20")])
def test_the_median_leaves_out_what_could_not_be_measured(gains: list[str | None], middle: str | None) -> None:
    assert grading.middle(None if each is None else Decimal(each) for each in gains) == (None if middle is None else Decimal(middle))


def test_a_receipt_changes_with_every_answer_and_can_be_computed_again() -> None:
    answers = [(1, "d1", ["2"]), (2, "d2", None)]
    written = '{"answers":[[1,"d1",["2"]],[2,"d2",null]],"attempt":7,"submitted":"2027-04-12T12:00:00.000000+00:00"}'
    assert grading.receipt(7, NOON, answers) == sha256(written.encode()).hexdigest()
    others = [grading.receipt(8, NOON, answers), grading.receipt(7, NOON + TICK, answers), grading.receipt(7, NOON, [(1, "d1", ["3"]), (2, "d2", None)])]
    assert len({grading.receipt(7, NOON, answers), *others}) == 4


def test_the_hidden_name_says_nothing_and_stays() -> None:
    assert grading.hidden_name("seed", 1) == grading.hidden_name("seed", 1)
    assert len({grading.hidden_name("seed", number) for number in range(200)}) == 200


points = st.decimals(min_value=0, max_value=5, places=2, allow_nan=False)


@given(st.lists(st.tuples(st.sampled_from("abc"), points), min_size=1))
def test_a_result_stays_between_nothing_and_all(rows: list[tuple[str, Decimal]]) -> None:
    all_marked = [Marked(code, each, Decimal(5)) for code, each in rows]
    assert 0 <= grading.percent(all_marked) <= 100
    assert all(0 <= each <= 100 for each in grading.by_competence(all_marked).values())
