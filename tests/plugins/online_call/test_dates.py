"""The dates of a call against the calendar of its country."""

from datetime import UTC, date, datetime

import pytest

from inspire_lms.kernel import clock
from inspire_lms.kernel.i18n import show, speaking
from inspire_lms.kernel.programmes import loading
from inspire_lms.kernel.programmes.sample.material import SAMPLE
from inspire_lms.plugins.online_call.applying import dates
from tests.builders import an_administrator
from tests.plugins.online_call.builders import OPEN, a_call, committee

BEFORE = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "but", "at", "said"),
    [
        ("IT", {}, BEFORE, []),
        ("IT", {"closes_at": datetime(2026, 12, 8, 11, 0, tzinfo=UTC)}, BEFORE, ["Closing of the call: Tuesday 8 December 2026, a public holiday (Immacolata Concezione)."]),
        ("IT", {"closes_at": datetime(2026, 12, 8, 11, 0, tzinfo=UTC)}, datetime(2026, 12, 9, 9, 0, tzinfo=UTC), []),
        ("GR", {"closes_at": datetime(2026, 12, 8, 11, 0, tzinfo=UTC)}, BEFORE, []),
        (
            "RO",
            {"ranked_by": date(2027, 1, 16)},
            BEFORE,
            ["Last day for the offers: Saturday 16 January 2027.", "An offer made on Saturday 16 January 2027 lapses on Saturday 23 January 2027."],
        ),
        (
            "IT",
            {"ranked_by": date(2026, 12, 18)},
            BEFORE,
            ["An offer made on Friday 18 December 2026 lapses on Friday 25 December 2026, a public holiday (Natale)."],
        ),
        ("IT", {"ranked_by": date(2026, 12, 18)}, datetime(2026, 12, 19, 9, 0, tzinfo=UTC), []),
        # In Bucharest this moment lies on the Saturday already.
        ("RO", {"reserve_until": datetime(2027, 2, 12, 22, 30, tzinfo=UTC)}, BEFORE, ["End of the reserve list: Saturday 13 February 2027."]),
    ],
)
def test_days_on_which_offices_are_closed_are_named_while_they_lie_ahead(app, country, but, at, said):
    call = a_call(country, **but)
    with speaking("en"):
        assert [show(one) for one in dates.warnings(call, at=at)] == said


@pytest.mark.parametrize(("closes", "is_warned"), [(datetime(2026, 12, 8, 11, 0, tzinfo=UTC), True), (datetime(2026, 12, 11, 11, 0, tzinfo=UTC), False)])
def test_the_room_warns_of_a_deadline_on_a_public_holiday(app, client, sign_in_as, closes, is_warned):
    call = a_call(closes_at=closes)
    coordinator = committee(call)[2]
    with clock.frozen(OPEN):
        room = sign_in_as(client, coordinator).get(f"/online_call/rooms/{call.cohort_id}?language=en").get_data(as_text=True)
    assert "The call closes on" in room
    assert ("Tuesday 8 December 2026, a public holiday (Immacolata Concezione)" in room) is is_warned


@pytest.mark.parametrize(
    ("but", "webinar", "at", "said"),
    [
        ({}, None, BEFORE, []),
        ({"mend_days": 7}, None, BEFORE, []),
        ({"mend_days": 8}, None, BEFORE, ["Whoever is asked to mend something when the call closes has time beyond Friday 18 December 2026, the last day for the check."]),
        (
            {"ranked_by": date(2027, 2, 6)},
            None,
            BEFORE,
            ["An offer made on Saturday 6 February 2027 can be answered until Saturday 13 February 2027, after the end of the reserve list."],
        ),
        ({"reserve_until": datetime(2027, 2, 15, 11, 0, tzinfo=UTC)}, None, BEFORE, []),
        (
            {"reserve_until": datetime(2027, 2, 16, 11, 0, tzinfo=UTC)},
            None,
            BEFORE,
            ["The reserve list ends on Tuesday 16 February 2027, when the course has begun (Tuesday 16 February 2027): who is called last misses part of it."],
        ),
        (
            {},
            datetime(2027, 1, 22, 9, 0, tzinfo=UTC),
            BEFORE,
            [
                (
                    "An offer made on Friday 15 January 2027 can be answered until Friday 22 January 2027, and the course begins before: "
                    "Friday 22 January 2027, 10:00 (Italian time, CET)."
                )
            ],
        ),
        ({}, datetime(2027, 2, 13, 9, 0, tzinfo=UTC), BEFORE, []),
        ({"mend_days": 8}, None, datetime(2027, 2, 17, 9, 0, tzinfo=UTC), []),
    ],
)
def test_dates_that_leave_too_little_time_for_what_follows_are_named(app, but, webinar, at, said):
    call = a_call(**but)
    with speaking("en"):
        assert [show(one) for one in dates.too_late(call, webinar, at=at)] == said


def test_who_loads_an_edition_is_told_by_country_what_to_look_at(app, client, sign_in_as):
    call = a_call(closes_at=datetime(2026, 12, 8, 11, 0, tzinfo=UTC))
    edition_id = call.cohort.edition_id
    sign_in_as(client, an_administrator())
    with clock.frozen(BEFORE):
        page = client.get(f"/editions/{edition_id}?language=en").get_data(as_text=True)
        told = [show(one) for one in loading.warnings(edition_id)]
    assert told == ["Italy: Closing of the call: Tuesday 8 December 2026, a public holiday (Immacolata Concezione)."]
    assert told[0] in page


def test_the_sample_shows_dates_of_which_nobody_needs_to_be_warned(app):
    with clock.frozen(BEFORE):
        edition = loading.load((SAMPLE / "pilot.toml").read_text("utf-8"), by=None)
        assert [show(one) for one in loading.warnings(edition.id)] == []
