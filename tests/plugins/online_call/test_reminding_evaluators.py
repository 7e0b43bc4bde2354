"""Evaluators are reminded together, each once a day at most, of how many evaluations are still to be given and until when."""

from datetime import timedelta

import pytest

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Refused
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.pending import reminding
from inspire_lms.plugins.online_call.seeing.phases import Others
from tests.builders import a_person
from tests.plugins.online_call.builders import CLOSED, a_call, an_application, committee, decided, judged, scored
from tests.plugins.online_call.confirming import confirmed, sees
from tests.plugins.online_call.test_confirming import heading, room, rows
from tests.plugins.online_call.test_phases import a_phase

pytestmark = pytest.mark.usefixtures("app")
NIGHT = CLOSED.replace(hour=22, minute=59)
"""A minute before midnight in Rome."""
FAMILY = "Quaquarini"


@pytest.fixture
def evening(client, sign_in_as):
    """Two evaluators with two applications each; one has given one evaluation. The coordinator looks."""
    call = a_call()
    one, other, coordinator = committee(call)
    first, _second = (decided(an_application(call, a_person(family_name=FAMILY)), coordinator) for _each in range(2))
    scored(first, 80)
    sign_in_as(client, coordinator)
    given = judging.reviews_of(call.id)[first.id][0].evaluator_id
    left = {each: 1 if each == given else 2 for each in (one.id, other.id)}
    return call, left, coordinator


def reminders(outbox):
    return [mail for mail in outbox if mail.key.startswith("online_call.asked-reminder:")]


def test_before_they_are_reminded_it_is_said_who_and_of_how_many(client, outbox, evening):
    call, left, _coordinator = evening
    address = f"{room(call)}/waiting/remind"
    with clock.frozen(CLOSED):
        assert address in client.get(f"{room(call)}/waiting/evaluations").text
        text = client.get(address).text
        assert heading(text) == "2 evaluators would be reminded"
        assert "As the end of the time for it stands there: Friday 15 January 2027." in text
        assert sorted(row[1] for row in rows(text)) == ["1", "2"]
        assert reminders(outbox) == [], "looking writes nothing"
        assert confirmed(client, address).status_code == 303
    found = {mail.to_person: (mail.subject, "Friday 15 January 2027" in mail.text) for mail in reminders(outbox)}
    told = {1: "1 application still waits for your evaluation", 2: "2 applications still wait for your evaluation"}
    assert found == {person: (told[number], True) for person, number in left.items()}
    assert all(FAMILY not in f"{mail.subject} {mail.text} {mail.html}" for mail in reminders(outbox)), "it names no applicant"


def test_nobody_is_reminded_twice_on_a_day_of_the_country(client, outbox, evening):
    call = evening[0]
    address = f"{room(call)}/waiting/remind"
    with clock.frozen(NIGHT):
        assert confirmed(client, address).status_code == 303
        text = client.get(address).text
        assert ["Everybody has been reminded today." in text, "Left out, because they were reminded today: 2." in text] == [True, True]
        assert sees(client, address) == {}
    with clock.frozen(NIGHT + timedelta(minutes=1)):
        assert confirmed(client, address).status_code == 303
    assert len(reminders(outbox)) == 4


def test_when_somebody_has_evaluated_in_the_meantime_nothing_is_written_and_it_is_asked_again(client, outbox, evening):
    call = evening[0]
    address = f"{room(call)}/waiting/remind"
    with clock.frozen(CLOSED):
        seen = sees(client, address)
    for application_id in judging.reviews_of(call.id):
        scored(session.get(Application, application_id), 80)
    with clock.frozen(CLOSED):
        answer = client.post(address, data=seen)
        assert (answer.status_code, "Nothing was done" in answer.text, reminders(outbox)) == (409, True, [])


def test_what_is_overdue_is_said_so_and_without_a_date_nothing_is(client, outbox, evening):
    call = evening[0]
    with clock.frozen(CLOSED + timedelta(days=60)):
        assert confirmed(client, f"{room(call)}/waiting/remind").status_code == 303
    assert all("The time for it ended on Friday 15 January 2027" in mail.text for mail in reminders(outbox))


def test_in_a_phase_without_points_nobody_is_reminded():
    hour = timedelta(hours=1)
    call = a_call(phases=(a_phase("before", CLOSED - hour, may_mark=False, others=Others.NEVER), a_phase("marking", CLOSED + hour)))
    call_id, coordinator = call.id, committee(call)[2]
    decided(an_application(call), coordinator)
    with clock.frozen(CLOSED):
        found = reminding.due(session.get(Call, call_id))
        with pytest.raises(Refused, match="Points can be given from"):
            reminding.remind(call_id, by=coordinator.id, seen=found.seal)
    with clock.frozen(CLOSED + hour):
        assert reminding.remind(call_id, by=coordinator.id, seen=found.seal) == 2


def test_when_everything_is_given_there_is_nobody_to_remind(client, sign_in_as):
    call = a_call()
    _ids, coordinator = judged(call, [90])
    sign_in_as(client, coordinator)
    with clock.frozen(CLOSED):
        text = client.get(f"{room(call)}/waiting/remind").text
    assert ["No evaluation is still to be given." in text, "Nobody is to be reminded." in text] == [True, True]
