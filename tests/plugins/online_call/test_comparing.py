"""The countries beside each other: one's own in full, of others nothing by which fewer than five people could be counted."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspire_lms.kernel import clock
from inspire_lms.plugins.online_call.comparing import queries
from inspire_lms.plugins.online_call.comparing.rules import SMALLEST, may_show_sum, shown
from inspire_lms.plugins.online_call.offering import publishing
from tests.builders import a_cohort, an_administrator
from tests.plugins.online_call.builders import CLOSED, PUBLISHED, a_call, an_application, committee, decided, judged

PARTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12), min_size=1)


@given(PARTS)
def test_no_figure_and_no_difference_of_figures_stands_for_one_to_four_people(parts):
    seen = shown(parts)
    assert list(seen) == list(parts)
    assert all(number in {None, parts[name]} for name, number in seen.items())
    assert not any(number is not None and 0 < number < SMALLEST for number in seen.values())
    if may_show_sum(parts):
        left = sum(parts.values()) - sum(number or 0 for number in seen.values())
        assert left == 0 or (left >= SMALLEST and list(seen.values()).count(None) > 1)
        assert sum(parts.values()) == 0 or sum(parts.values()) >= SMALLEST


@given(PARTS)
def test_nothing_is_hidden_where_every_part_stands_for_enough(parts):
    if not any(0 < number < SMALLEST for number in parts.values()):
        assert shown(parts) == parts


@pytest.mark.parametrize(
    ("parts", "seen", "has_sum"),
    [
        ({"a": 20, "b": 6}, {"a": 20, "b": 6}, True),
        ({"a": 20, "b": 2}, {"a": None, "b": None}, True),
        ({"a": 20, "b": 2, "c": 7}, {"a": 20, "b": None, "c": None}, True),
        ({"a": 20, "b": 1, "c": 1}, {"a": None, "b": None, "c": None}, True),
        ({"a": 3, "b": 3}, {"a": None, "b": None}, True),
        ({"a": 3}, {"a": None}, False),
        ({"a": 1, "b": 2}, {"a": None, "b": None}, False),
        ({"a": 0, "b": 9}, {"a": 0, "b": 9}, True),
        ({"a": 0}, {"a": 0}, True),
    ],
)
def test_what_is_hidden(parts, seen, has_sum):
    assert (shown(parts), may_show_sum(parts)) == (seen, has_sum)


@pytest.fixture
def two(app):
    """Italy with six eligible and two withdrawn before a decision; Greece with seven, published."""
    italy = a_call(seats=2)
    greece = a_call("GR", cohort=a_cohort("GR", edition=italy.cohort.edition, seats=2))
    coordinator = committee(italy)[2]
    for _each in range(6):
        decided(an_application(italy), coordinator)
    for _each in range(2):
        an_application(italy, employed="no")
    _numbers, greek = judged(greece, [90, 80, 70, 60, 55, 52, 51])
    with clock.frozen(PUBLISHED):
        publishing.publish(greece.id, by=greek.id)
    return {"IT": (italy.cohort_id, coordinator), "GR": (greece.cohort_id, greek)}


def rows_of(client, cohort_id):
    with clock.frozen(PUBLISHED):
        page = client.get(f"/online_call/rooms/{cohort_id}/countries")
    assert page.status_code == 200
    return page.text


def cells(text, country):
    """The words of the row of a country, table by table."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", text, flags=re.DOTALL)
    plain = [[re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL)] for row in rows]
    return [row[1:] for row in plain if row and row[0] == country]


def test_a_coordinator_sees_the_own_country_in_full_and_of_others_sums_alone(client, sign_in_as, two):
    cohort_id, coordinator = two["IT"]
    sign_in_as(client, coordinator)
    text = rows_of(client, cohort_id)
    applications, results = cells(text, "Italy")
    assert applications == ["8", "6", "0", "2", "0"]
    assert results == ["2", *["not published"] * 5]
    applications, results = cells(text, "Greece")
    assert applications == ["7", "7", "0", "0", "0"]
    assert results == ["2", "0", "not shown", "not shown", "0", "60.00"]
    cohort_id, coordinator = two["GR"]
    sign_in_as(client, coordinator)
    text = rows_of(client, cohort_id)
    assert cells(text, "Italy")[0] == ["8", "not shown", "0", "not shown", "0"]
    assert cells(text, "Greece")[1] == ["2", "0", "2", "5", "0", "60.00"]


def test_an_administrator_sees_all_and_an_evaluator_nothing(client, sign_in_as, two):
    cohort_id, _coordinator = two["IT"]
    sign_in_as(client, an_administrator())
    assert cells(rows_of(client, cohort_id), "Greece")[1][1:4] == ["0", "2", "5"]


@pytest.mark.usefixtures("app")
def test_the_comparison_takes_as_many_statements_for_many_applications_and_countries(statements):
    seen = []
    edition = None
    for country, number in (("IT", 1), ("GR", 12), ("RO", 3)):
        call = a_call(country, cohort=a_cohort(country, edition=edition) if edition else None)
        edition = call.cohort.edition
        for _each in range(number):
            with clock.frozen(CLOSED):
                an_application(call)
        with statements() as asked:
            assert len(queries.countries(edition.id)) == len(seen) + 1
        seen.append(len(asked))
    assert seen[1] == seen[2]
