"""Who gets a seat when seats are reserved for groups, or groups have a limit."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inspire_lms.plugins.online_call.ranking import order
from inspire_lms.plugins.online_call.ranking.order import Entry
from inspire_lms.plugins.online_call.ranking.seating import seated
from inspire_lms.plugins.online_call.ranking.terms import Quota, Terms, code_of, groups_of
from tests.builders import words

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def reserved(code, n):
    return Quota(code, words(code), code, ("yes",), n, None)


def limited(code, n):
    return Quota(code, words(code), code, ("yes",), None, n)


def lines(groups, quotas, seats, least=0):
    """The ranking of people a, b, c…, each with a point less than the one before, in these groups."""
    entries = [Entry(chr(97 + place), Decimal(90 - place), {}, NOON, tuple(each.split())) for place, each in enumerate(groups)]
    return order.ranked(entries, Terms(("draw",), "s", Decimal(least), seats, tuple(quotas)))


@pytest.mark.parametrize(
    ("groups", "quotas", "seats", "chosen", "moved"),
    [
        (["", "", "", ""], [], 2, "ab", {}),
        (["", "", "", "town"], [reserved("town", 1)], 2, "ad", {"b": "town", "d": "town"}),
        (["", "town", "", "town"], [reserved("town", 1)], 2, "ab", {}),
        (["", "", "", ""], [reserved("town", 2)], 2, "ab", {}),
        (["", "", "town", ""], [reserved("town", 2)], 2, "ac", {"b": "town", "c": "town"}),
        (["rome", "rome", "", "rome"], [limited("rome", 1)], 2, "ac", {"b": "rome", "c": "rome"}),
        (["rome", "rome", "rome", "rome"], [limited("rome", 1)], 2, "a", {"b": "rome"}),
        (["", "", "", "town young", "town", "young"], [reserved("town", 1), reserved("young", 1)], 3, "ade", {"b": "young town", "c": "young town", "d": "young", "e": "town"}),
        (["", "", "rome town", "town", "rome"], [reserved("town", 1), limited("rome", 1)], 3, "abc", {}),
        (["rome", "rome town", "", "town"], [reserved("town", 1), limited("rome", 1)], 2, "bc", {"a": "rome", "c": "rome"}),
    ],
    ids=[
        "no quota", "a reserved seat", "it was filled anyway", "nobody of the group", "fewer of the group than seats", "a limit", "a limit leaves a seat free",
        "one person fills one reserved seat", "both, and neither moves anybody", "a reserved seat uses up the limit",
    ],
)  # fmt: skip
def test_reserved_seats_and_limits_say_who_is_in(groups, quotas, seats, chosen, moved):
    found = lines(groups, quotas, seats)
    assert [line.entry.number for line in found] == [chr(97 + place) for place in range(len(groups))]
    assert "".join(line.entry.number for line in found if line.is_chosen) == chosen
    assert {line.entry.number: " ".join(line.moved_by) for line in found if line.moved_by} == moved


def test_a_reserved_seat_lifts_nobody_who_has_too_few_points():
    assert [line.is_chosen for line in lines(["", "", "town"], [reserved("town", 1)], 2, least=89)] == [True, True, False]


def test_who_has_a_seat_keeps_it_and_counts_for_the_own_groups():
    quotas = [reserved("town", 1), limited("rome", 1)]
    waiting = [("rome",), (), ("town",)]
    assert sorted(seated(waiting, quotas, seats=2, held=[("town",)]).given) == [0]
    assert sorted(seated(waiting, quotas, seats=2, held=[("rome",)]).given) == [2]
    assert sorted(seated(waiting, quotas, seats=2, held=[("rome", "town")]).given) == [1]
    assert sorted(seated(waiting, quotas, seats=1, held=[("rome",), ()]).given) == []


def test_who_sits_on_a_reserved_seat_moves_to_another_one_so_that_both_are_filled():
    found = seated([("town", "young"), ("town",)], [reserved("town", 1), reserved("young", 1)], seats=2)
    assert found.given == {0: "young", 1: "town"}


@pytest.mark.parametrize(
    ("quota", "answer", "group"),
    [
        (reserved("town", 1), "yes", "town"),
        (reserved("town", 1), "no", None),
        (reserved("town", 1), None, None),
        (reserved("town", 1), ["yes"], None),
        (Quota("region", {}, "region", (), None, 3), "south", "region:south"),
        (Quota("region", {}, "region", (), None, 3), " ", None),
    ],
)
def test_an_answer_makes_somebody_a_member_of_a_group(quota, answer, group):
    assert quota.group(answer) == group


def test_a_written_answer_makes_a_group_however_it_is_written_and_is_not_kept():
    quota = Quota("employer", {}, "administration", (), None, 2, is_written=True)
    one, other = quota.group("Comune  di Prova"), quota.group("COMUNE DI PROVA")
    assert one == other != quota.group("Comune di Altrove")
    assert "prova" not in one


QUOTAS = (
    Quota("town", words("Towns"), "kind", ("town",), 2, None),
    Quota("young", words("Young services"), "service", ("yes",), 1, None),
    Quota("region", words("Regions"), "region", (), None, 2),
    Quota("kind", words("Kinds"), "kind", (), None, 3),
)
NUMBERS = st.integers(1, 3)
some_quotas = st.lists(st.sampled_from(QUOTAS), unique_by=lambda quota: quota.code).flatmap(
    lambda chosen: st.tuples(*(NUMBERS.map(lambda n, each=each: replace(each, least=n) if each.least else replace(each, most=n)) for each in chosen))
)
people = st.lists(
    st.tuples(
        st.sampled_from([40, 60, 70, 80]),
        st.fixed_dictionaries({"kind": st.sampled_from(["town", "state"]), "service": st.sampled_from(["yes", "no"]), "region": st.sampled_from(["n", "s", "c"])}),
    ),
    max_size=14,
)


@st.composite
def selections(draw, quotas=some_quotas):
    """Entries, and the terms they are ranked by; never more reserved seats than seats."""
    chosen = draw(quotas)
    entries = [
        Entry(f"{number:03d}", Decimal(total), {}, NOON, groups_of(answers, chosen)) for number, (total, answers) in enumerate(draw(people))
    ]
    least = sum(each.least or 0 for each in chosen)
    return entries, Terms(("draw",), draw(st.sampled_from("xyz")), Decimal(50), draw(st.integers(least, 9)), chosen)


def members(found, group):
    return [line for line in found if group in line.entry.groups and line.is_suitable]


def is_stopped(found, terms, line):
    """Whether a limit stands against one more of the groups of a line."""
    most = {each.code: each.most for each in terms.quotas}
    return any(
        most[code_of(group)] is not None and sum(one.is_chosen for one in members(found, group)) >= most[code_of(group)] for group in line.entry.groups
    )


@given(selections())
def test_nobody_with_more_points_and_the_same_groups_is_behind(selection):
    found = order.ranked(*selection)
    for place, line in enumerate(found):
        above = [one for one in found[:place] if set(one.entry.groups) == set(line.entry.groups)]
        assert not line.is_chosen or all(one.is_chosen for one in above)


@given(selections())
def test_there_are_never_more_than_the_seats_and_never_more_of_a_group_than_its_limit(selection):
    found, terms = order.ranked(*selection), selection[1]
    assert sum(line.is_chosen for line in found) <= terms.seats
    assert all(line.is_suitable for line in found if line.is_chosen)
    for group in {group for line in found for group in line.entry.groups}:
        most = next(each.most for each in terms.quotas if each.code == code_of(group))
        assert most is None or sum(line.is_chosen for line in members(found, group)) <= most


@given(selections())
def test_a_seat_stays_free_only_when_a_limit_stands_against_everybody_who_waits(selection):
    found, terms = order.ranked(*selection), selection[1]
    assume(sum(line.is_chosen for line in found) < terms.seats)
    assert all(line.is_chosen or is_stopped(found, terms, line) for line in found if line.is_suitable)


@given(selections())
def test_a_group_has_its_reserved_seats_as_long_as_there_is_somebody_to_take_them(selection):
    found, terms = order.ranked(*selection), selection[1]
    for quota in (each for each in terms.quotas if each.least):
        mine = members(found, quota.code)
        if sum(line.is_chosen for line in mine) < quota.least:
            assert all(line.is_chosen or is_stopped(found, terms, line) for line in mine)


@given(selections(), st.randoms())
def test_the_order_of_the_input_changes_nothing_to_the_letter(selection, random):
    entries, terms = selection
    mixed = entries[:]
    random.shuffle(mixed)
    one, other = order.ranked(entries, terms), order.ranked(mixed, Terms.restored(terms.stored()))
    assert (one, order.digest(one, terms)) == (other, order.digest(other, Terms.restored(terms.stored())))


@given(selections(st.just(())))
def test_without_quotas_the_first_get_the_seats(selection):
    found, terms = order.ranked(*selection), selection[1]
    assert [line.is_chosen for line in found] == [line.is_suitable and line.position <= terms.seats for line in found]
    assert {line.moved_by for line in found} <= {()}


@given(selections())
def test_whoever_is_moved_is_told_by_which_group_and_nobody_else_is(selection):
    found, terms = order.ranked(*selection), selection[1]
    for line in found:
        would_be = line.is_suitable and line.position <= terms.seats
        assert bool(line.moved_by) is (line.is_chosen is not would_be)


@given(selections(), st.data())
def test_whoever_leaves_makes_room_for_one_at_most_and_the_quotas_hold_again(selection, data):
    found, terms = order.ranked(*selection), selection[1]
    chosen = [line for line in found if line.is_chosen]
    assume(chosen)
    gone = data.draw(st.sampled_from(chosen))
    waiting = [line for line in found if line.is_suitable and not line.is_chosen]
    held = [line.entry.groups for line in chosen if line is not gone]
    called = seated([line.entry.groups for line in waiting], terms.quotas, seats=terms.seats, held=held).given
    after = [line._replace(is_chosen=(line.is_chosen and line is not gone) or line in [waiting[place] for place in called]) for line in found if line is not gone]
    assert sum(line.is_chosen for line in after) <= terms.seats
    for quota in (each for each in terms.quotas if each.least):
        mine = members(after, quota.code)
        if sum(line.is_chosen for line in mine) < quota.least:
            assert all(line.is_chosen or is_stopped(after, terms, line) for line in mine)


@given(selections())
def test_a_changed_group_or_quota_changes_the_fingerprint(selection):
    entries, terms = selection
    assume(terms.quotas)
    found = order.ranked(entries, terms)
    other = replace(terms, quotas=(replace(terms.quotas[0], code="other"), *terms.quotas[1:]))
    assert order.digest(found, terms) != order.digest(found, other)
    assume(found)
    changed = (found[0]._replace(entry=found[0].entry._replace(groups=("elsewhere",))), *found[1:])
    assert order.digest(found, terms) != order.digest(changed, terms)


def test_a_list_without_quotas_has_the_fingerprint_that_it_had_before_there_were_quotas():
    found = lines(["", ""], [], 1)
    assert order.digest(found, Terms(("draw",), "s", seats=1)) == "650969c33d8d1d9c5d1580b69c36995d427d33dca05f7bbc36d4e8485f67c361"
