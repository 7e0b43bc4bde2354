"""Labelled levels, reasons for extremes, and what stands beside the total."""

import csv
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Invalid
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.judging import queries
from inspire_lms.plugins.online_call.marking.queries import marked
from inspire_lms.plugins.online_call.marking.scales import WHY, Level, Scale, problems, total_of
from inspire_lms.plugins.online_call.models import Call, Review
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.plugins.online_call.offering.models import Place
from tests.builders import staff
from tests.plugins.online_call.builders import CLOSED, PUBLISHED, a_call, an_application, committee, decided, judged, scored
from tests.plugins.online_call.marks import BESIDE, LEVELS, MOTIVATION, TRANSFER, WITH_LEVELS, given, review_of
from tests.plugins.online_call.test_opening import FILE, read_file
from tests.plugins.online_call.test_phases import a_phase

LEVELS_IN_FILE = """
[[call.criterion.level]]
points = 0
title = { en = "Absent" }
[[call.criterion.level]]
points = 32.5
title = { en = "Clear" }
about = { en = "Shown by an example" }
[[call.criterion.level]]
points = 60
title = { en = "Convincing" }
"""
MORE = 'about = { en = "About it" }\n'

halves = st.decimals(0, 60, places=1)


@pytest.fixture
def levelled(app):
    """A call with levels and reasons for extremes, one application, and its two evaluators."""
    call = a_call(criteria=WITH_LEVELS, explains_extremes=True)
    one, other, coordinator = committee(call)
    return decided(an_application(call), coordinator), one, other, coordinator


@generated(points=st.sets(halves, min_size=1, max_size=5), mark=halves, reason=st.sampled_from(["", "  ", "Because."]), explains=st.booleans())
def test_with_levels_only_their_points_do_and_only_extremes_need_a_reason(points, mark, reason, explains):
    scale = Scale(60, tuple(Level(each, {}, {}) for each in sorted({*points, Decimal(60)})))
    wrong = problems({"m": mark}, {"m": reason}, {"m": scale}, explains_extremes=explains)
    known = {each.points for each in scale.levels}
    if mark not in known:
        assert set(wrong) == {"m"}
    elif explains and mark in (min(known), max(known)) and not reason.strip():
        assert set(wrong) == {f"{WHY}m"}
    else:
        assert wrong == {}


@generated(mark=halves, explains=st.booleans())
def test_without_levels_any_points_up_to_the_weight_do_and_the_borders_are_the_extremes(mark, explains):
    wrong = problems({"m": mark}, {}, {"m": Scale(60)}, explains_extremes=explains)
    assert set(wrong) == ({f"{WHY}m"} if explains and mark in (0, 60) else set())


def test_what_stands_beside_the_total_is_not_in_it():
    assert total_of({"a": Decimal(5), "b": Decimal(7)}, {"a": Scale(10), "b": Scale(10, counts=False)}) == 5


def test_levels_are_read_from_the_edition_file():
    part, mistakes = read_file(FILE.replace(MORE, MORE + "counts = true\n" + LEVELS_IN_FILE, 1))
    assert mistakes == []
    assert [(each.points, each.title["en"], each.about.get("en")) for each in part.criteria[0].levels] == [
        (0, "Absent", None), (Decimal("32.5"), "Clear", "Shown by an example"), (60, "Convincing", None),
    ]  # fmt: skip
    assert (part.criteria[0].counts, part.explains_extremes) == (True, False)


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ("points = 60", "points = 59", "The last level brings all the points of the criterion: 60."),
        ("points = 60", "points = 61", "points"),
        ("points = 32.5", "points = 60", "Levels stand in the order of their points"),
        ("points = 32.5", "points = 32.25", "Points have at most one decimal."),
        ('title = { en = "Clear" }', "", "title"),
        ("counts = true", "counts = false", "One criterion at least counts in the total."),
        ("counts = true", "counts = false", "“tie_break” is one of: submitted, draw."),
    ],
)
def test_what_levels_cannot_be_is_said_in_words(old, new, mistake):
    text = FILE.replace(MORE, MORE + "counts = true\n" + LEVELS_IN_FILE, 1)
    assert old in text
    _part, mistakes = read_file(text.replace(old, new, 1))
    assert any(mistake in said for said in mistakes), mistakes


def test_one_level_is_none():
    _part, mistakes = read_file(FILE.replace(MORE, MORE + '[[call.criterion.level]]\npoints = 60\ntitle = { en = "All" }\n', 1))
    assert any("At least 2 “level” are needed." in said for said in mistakes), mistakes


def test_points_that_are_no_level_and_extremes_without_a_reason_are_refused_by_the_rule(levelled):
    application, one, _other, _coordinator = levelled
    for marks, reasons, wrong in (
        ({"motivation": 30, "transfer": 12.5}, {}, ["motivation"]),
        ({"motivation": 60, "transfer": 40}, {"transfer": "Signed by the mayor."}, ["_why-motivation"]),
        ({"motivation": 0, "transfer": 12.5}, {"motivation": " "}, ["_why-motivation"]),
    ):
        with pytest.raises(Invalid) as invalid:
            given(application, one, reasons=reasons, **marks)
        assert list(invalid.value.reasons) == wrong
    review = given(application, one, reasons={"motivation": " Nothing is written. "}, motivation=0, transfer=12.5)
    assert review.total == Decimal("12.5")
    assert {code: tuple(mark) for code, mark in marked([review.id])[review.id].items()} == {
        "motivation": (Decimal(0), "Nothing is written."),
        "transfer": (Decimal("12.5"), ""),
    }


def test_an_evaluator_chooses_levels_and_writes_reasons_on_the_page_and_the_committee_reads_them(client, sign_in_as, levelled):
    application, one, _other, coordinator = levelled
    address = f"/online_call/reviews/{review_of(application, one).id}"
    sign_in_as(client, one)
    with clock.frozen(CLOSED):
        page = client.get(address).text
        assert page.count('type="radio"') == len(LEVELS)
        assert "Sketched (points: 20). Named, not shown" in page
        for data, said in (
            ({"motivation": "30.0", "transfer": "1"}, "Choose one of those offered."),
            ({"motivation": "60.0", "transfer": "1"}, "Say why: this is the least or the most that can be given."),
        ):
            refused = client.post(address, data=data)
            assert (refused.status_code, said in refused.text) == (422, True)
        written = {"motivation": "60.0", "transfer": "1", "_why-motivation": "The best of all.", "_comment": "Read twice."}
        assert client.post(address, data=written).status_code == 303
        again = client.get(address).text
        sign_in_as(client, coordinator)
        file = client.get(f"/online_call/files/{application.id}").text
        rows = list(csv.reader(StringIO(client.get(f"/online_call/rooms/{application.cohort_id}/export.csv").text)))
    assert ('value="60.0" checked' in again, "The best of all." in again) == (True, True)
    assert all(each in file for each in ("60 of 60: Convincing", "The best of all.", "Read twice."))
    told = dict(zip(rows[0], rows[1], strict=True))
    assert (told["A: Motivation"], told["A: reason for Motivation"], told["A: comment"]) == ("60.00", "The best of all.", "Read twice.")


def test_the_public_page_says_the_levels_what_does_not_count_and_that_extremes_are_explained(client):
    a_call(criteria=(MOTIVATION, TRANSFER, BESIDE), explains_extremes=True)
    with clock.frozen(CLOSED):
        page = client.get("/online_call/it").text
    for said in ("Sketched (points: 20). Named, not shown", "It stands beside the total: it brings no points in the ranking.", "says why, in writing", "100 points in all."):
        assert said in page


def test_a_score_beside_the_total_is_shown_to_the_committee_and_moves_nobody(client, sign_in_as):
    call = a_call(criteria=(MOTIVATION, TRANSFER, BESIDE), seats=1)
    call_id = call.id
    one, other, coordinator = committee(call)
    first, second = decided(an_application(call), coordinator), decided(an_application(call), coordinator)
    for application, recommended in ((first, (2, 3)), (second, (9, 10))):
        for evaluator, points in zip((one, other), recommended, strict=True):
            given(application, evaluator, motivation=32.5, transfer=20, recommendation=points)
    (found, _other) = queries.judged(session.get_one(Call, call_id))
    assert (found.score.total, set(found.score.points)) == (Decimal("52.50"), {"motivation", "transfer"})
    sign_in_as(client, coordinator)
    room = f"/online_call/rooms/{first.cohort_id}"
    with clock.frozen(PUBLISHED):
        before = client.get(room).text
        publishing.publish(call_id, by=coordinator.id)
        after, table = client.get(room).text, client.get(f"{room}/export.csv").text
    assert ["Recommendation: 2.50" in page and "Recommendation: 9.50" in page for page in (before, after)] == [True, True]
    assert "A: Recommendation (beside the total)" in table
    lines = session.scalars(select(Place).order_by(Place.position)).all()
    assert [(line.application_id, line.total, sorted(line.points)) for line in lines] == [
        (first.id, Decimal("52.50"), ["motivation", "transfer"]),
        (second.id, Decimal("52.50"), ["motivation", "transfer"]),
    ]
    sign_in_as(client, session.get(Person, first.person_id))
    with clock.frozen(PUBLISHED):
        assert "Recommendation" not in client.get(f"/online_call/applications/{first.id}").text



def test_totals_that_are_far_apart_are_flagged_also_when_a_third_is_given(client, sign_in_as):
    call = a_call()
    _one, _other, coordinator = committee(call)
    staff(call.cohort, "evaluator")
    scored(decided(an_application(call), coordinator), 90, 60, 62)
    scored(decided(an_application(call), coordinator), 80, 61)
    sign_in_as(client, coordinator)
    with clock.frozen(CLOSED):
        page = client.get(f"/online_call/rooms/{call.cohort_id}").text
    assert page.count("30.0 points apart; the limit is 20") == page.count("points apart") == 1


@pytest.mark.parametrize("page", ["reviews", "room"])
def test_lists_under_a_veil_and_scores_beside_the_total_cost_the_same_statements_however_many_there_are(client, sign_in_as, statements, page):
    counted = []
    for country, number in (("IT", 2), ("RO", 45)):
        call = a_call(country, criteria=(MOTIVATION, TRANSFER, BESIDE), phases=(a_phase("marking", CLOSED, hides_names=True),))
        address = "/online_call/reviews" if page == "reviews" else f"/online_call/rooms/{call.cohort_id}"
        ids, coordinator = judged(call, [90 - each / 2 for each in range(number)])
        evaluator = session.scalars(select(Review.evaluator_id).where(Review.application_id == ids[0])).first()
        sign_in_as(client, coordinator if page == "room" else session.get(Person, evaluator))
        with clock.frozen(CLOSED):
            client.get(address)
            with statements() as seen:
                assert client.get(address).status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1]
