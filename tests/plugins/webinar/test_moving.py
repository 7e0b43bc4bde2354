"""What may become of a webinar that people were told of, and of one in a year that nobody meant."""

from datetime import UTC, datetime, timedelta

import pytest

from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import Invalid, Refused
from inspire_lms.plugins.webinar.plan import actions
from tests.plugins.webinar.builders import BEFORE, HOST, LINK, MINUTE, a_group, close, held, planned, published

pytestmark = pytest.mark.usefixtures("app")
REASON = "The trainer is ill."


def move(webinar_id, trainer, *, by, at=BEFORE, **but):
    one = held(webinar_id)
    facts = {"local": one.local, "minutes": one.minutes, "leaders": [trainer.id], "link": one.link, "host_link": one.host_link, "reason": REASON}
    with clock.frozen(at):
        return actions.change(webinar_id, **facts | but, by=by.id)


def test_what_was_announced_is_not_moved_into_the_past():
    cohort, coordinator, trainer, _ = a_group(trainees=0)
    ids = published(cohort, coordinator)
    with pytest.raises(Invalid, match="lies in the past") as wrong:
        move(ids[0], trainer, by=coordinator, local=datetime(2026, 3, 11, 15))  # noqa: DTZ001
    assert list(wrong.value.reasons) == ["starts"]
    assert (held(ids[0]).wall_clock, held(ids[0]).sequence) == ("2027-03-11T15:00", 0)


@pytest.mark.parametrize(("seconds", "may"), [(0, False), (1, True)])
def test_the_new_start_lies_after_the_moment_of_moving(seconds, may):
    cohort, coordinator, trainer, _ = a_group(trainees=0)
    ids = published(cohort, coordinator)
    start, at = datetime(2027, 3, 10, 10), datetime(2027, 3, 10, 8, tzinfo=UTC) - timedelta(seconds=seconds)  # noqa: DTZ001
    if may:
        move(ids[0], trainer, by=coordinator, at=at, local=start)
    else:
        with pytest.raises(Invalid, match="lies in the past"):
            move(ids[0], trainer, by=coordinator, at=at, local=start)
    assert held(ids[0]).local.day == (10 if may else 11)


def test_a_year_of_two_digits_does_not_break_the_plan(client, sign_in_as):
    cohort, coordinator, trainer, _ = a_group("RO", trainees=0)
    ids = planned(cohort, coordinator)
    cohort_id = cohort.id
    move(ids[0], trainer, by=coordinator, local=datetime(26, 9, 15, 10))  # noqa: DTZ001
    assert held(ids[0]).wall_clock == "0026-09-15T10:00"
    sign_in_as(client, coordinator)
    with clock.frozen(BEFORE):
        assert client.get(f"/webinar/plan/{cohort_id}").status_code == 200


def test_which_webinar_cannot_be_published_is_said_by_its_number():
    cohort, coordinator, _, _ = a_group(trainees=0)
    ids = planned(cohort, coordinator)
    at = held(ids[1]).ends_at
    with clock.frozen(at), pytest.raises(Refused, match=r"Webinar 1 lies in the past\. Move it first\."):
        actions.publish(ids, by=coordinator.id)
    assert [held(each).state for each in ids] == ["planned"] * 8


def test_addresses_of_a_meeting_stay_as_they_are_once_the_register_is_closed():
    cohort, coordinator, trainer, _ = a_group(trainees=0)
    ids = published(cohort, coordinator)
    after = held(ids[0]).ends_at + MINUTE
    move(ids[0], trainer, by=coordinator, at=after, link="https://other.example.org", reason="")
    close(ids[0], trainer)
    for but in ({"link": LINK}, {"host_link": "https://other.example.org"}):
        with pytest.raises(Refused, match="register of this webinar is closed"):
            move(ids[0], trainer, by=coordinator, at=after + MINUTE, **but)
    assert (held(ids[0]).link, held(ids[0]).host_link) == ("https://other.example.org", HOST)


def test_addresses_of_a_cancelled_webinar_stay_as_they_are():
    cohort, coordinator, trainer, _ = a_group(trainees=0)
    ids = published(cohort, coordinator)
    with clock.frozen(BEFORE):
        actions.cancel(ids[0], reason=REASON, by=coordinator.id)
    with pytest.raises(Refused, match="cancelled webinar cannot be changed"):
        move(ids[0], trainer, by=coordinator, link="https://other.example.org")


def test_a_title_typed_in_one_language_is_not_passed_off_as_english():
    cohort, coordinator, _, _ = a_group("IT", trainees=0)
    with clock.frozen(BEFORE):
        one = actions.create(
            cohort.id,
            number=9,
            title="Domande e risposte",
            local=datetime(2027, 3, 13, 10),  # noqa: DTZ001
            minutes=60,
            leaders=[],
            link="",
            host_link="",
            by=coordinator.id,
        )
    assert dict(held(one.id).title) == {"it": "Domande e risposte"}
