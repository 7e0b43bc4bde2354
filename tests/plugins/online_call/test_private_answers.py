"""What participants wrote to the coordinator alone goes soon after the course, shown beforehand; the rest stays as proof."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import func, select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session
from inspire_lms.kernel.files import StoredFile
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.announcing import queries as announced
from inspire_lms.plugins.online_call.announcing.documents import privacy
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.mending import actions as mending
from inspire_lms.plugins.online_call.mending import asking
from inspire_lms.plugins.online_call.mending.models import Earlier, Mending
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering import actions as offering
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.plugins.online_call.retention import private, rules, thinning
from tests.plugins.online_call.builders import CLOSED, PDF, PUBLISHED, a_call, a_form, an_application, committee, decided, scored

pytestmark = pytest.mark.usefixtures("app")
SECOND, NEED = timedelta(seconds=1), "I need a chair with a high back."


@pytest.mark.parametrize(
    ("zone", "days", "moment"),
    [
        ("Europe/Rome", 0, datetime(2027, 6, 30, 22, tzinfo=UTC)),
        ("Europe/Athens", 0, datetime(2027, 6, 30, 21, tzinfo=UTC)),
        ("Europe/Rome", 30, datetime(2027, 7, 30, 22, tzinfo=UTC)),
        # Clocks have gone back by then.
        ("Europe/Rome", 150, datetime(2027, 11, 27, 23, tzinfo=UTC)),
    ],
)
def test_they_go_at_midnight_of_the_country_when_the_days_after_the_course_are_over(zone, days, moment):
    assert rules.private_from(date(2027, 6, 30), days, zone) == moment


@pytest.fixture
def taken():
    """A call with one who takes part and has needs, one who takes part and has none, and one on the reserve list with needs."""
    call = a_call(seats=2, private_days=10)
    coordinator = committee(call)[2]
    some = [an_application(call, adjustments=NEED), an_application(call), an_application(call, adjustments=NEED)]
    for application, total in zip(some, (90, 80, 70), strict=True):
        scored(decided(application, coordinator), total, total)
    with clock.frozen(PUBLISHED):
        publishing.publish(call.id, by=coordinator.id)
        for application in some[:2]:
            offering.accept(application.id, by=application.person_id)
    return {"call": call.id, "coordinator": coordinator.id, "ids": [each.id for each in some]}


def moment_of(taken):
    return private.deleted_from(session.get(Call, taken["call"]))


def thin_out(at):
    with clock.frozen(at):
        private.thin_out(at)
    session.rollback()


def listed(taken):
    return [(each.application_id, [str(label) for label in each.labels]) for each in private.listed(session.get(Call, taken["call"]))]


def needs(taken):
    return [session.get(Application, each).answers.get("adjustments") for each in taken["ids"]]


def test_what_the_list_shows_is_what_goes_and_nothing_else(taken):
    moment, (one, other, _reserve) = moment_of(taken), taken["ids"]
    files = session.scalar(select(func.count()).select_from(StoredFile))
    before = {each: session.get(Application, each).answers for each in (one, other)}
    thin_out(moment - SECOND)
    assert ([each for each, _labels in listed(taken)], needs(taken)) == ([one], [NEED, None, NEED])
    for _twice in range(2):
        thin_out(moment)
    assert (listed(taken), needs(taken)) == ([], [None, None, NEED])
    assert [session.get(Application, each).answers for each in (one, other)] == [
        {code: value for code, value in before[one].items() if code != "adjustments"}, before[other],
    ]  # fmt: skip
    assert session.scalar(select(func.count()).select_from(StoredFile)) == files
    (line,) = [each for each in audit.about(("call", taken["call"])) if each.did == "online_call.private-thinned-out"]
    assert line.after == {"applications": 1}


def test_what_was_there_before_a_mending_goes_too_and_so_do_private_files():
    work, motivation = a_form()
    own = tuple(replace(each, is_private=True, is_mendable=True) if each.code in {"authorisation", "adjustments"} else each for each in motivation.questions)
    call = a_call(seats=1, form=(work, replace(motivation, questions=own)))
    call_id, coordinator, application = call.id, committee(call)[2], an_application(call, adjustments=NEED)
    number, person_id = application.id, application.person_id
    with clock.frozen(CLOSED):
        asking.ask(number, ("authorisation", "adjustments"), "Once more, please.", by=coordinator.id)
        mending.mend(number, {"adjustments": ""}, {"authorisation": (BytesIO(PDF + b"\n"), "signed.pdf")}, by=person_id)
    with clock.frozen(PUBLISHED - timedelta(days=10)):
        from_here = session.get(Application, number)
    scored(decided(from_here, coordinator), 90, 90)
    with clock.frozen(PUBLISHED):
        publishing.publish(call_id, by=coordinator.id)
        offering.accept(number, by=person_id)
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 2
    with clock.frozen(private.deleted_from(session.get(Call, call_id))):
        thinning.thin_out()
    session.rollback()
    left = session.scalars(select(Mending.before)).one()
    assert (left, session.scalars(select(Earlier)).all(), applying.attachments(number)) == ({}, [], {})
    assert (session.scalar(select(func.count()).select_from(StoredFile)), private.listed(session.get(Call, call_id))) == (0, [])
    assert session.get(Application, number).answers["challenge"]


def test_coordinators_are_told_once_a_month_before_and_see_the_list(taken, outbox, client, sign_in_as):
    moment, (one, other, reserve) = moment_of(taken), taken["ids"]
    for at in (moment - rules.ANNOUNCED - SECOND, moment - rules.ANNOUNCED, moment - SECOND, moment):
        thin_out(at)
        told = [each for each in outbox if each.key.startswith("online_call.retention")]
        assert len(told) == (at >= moment - rules.ANNOUNCED)
        if at < moment:
            sign_in_as(client, session.get(Person, taken["coordinator"]))
            page = client.get(f"/online_call/rooms/{session.get(Call, taken['call']).cohort_id}/retention").text
            part = page.partition('id="private"')[2]
            numbers = [session.get(Application, each).protocol_number in part for each in (one, other, reserve)]
            assert (numbers, "The adjustments" in part, NEED in page) == ([True, False, False], True, False)
    (letter,) = told
    assert (letter.to_person, "Applications with private answers: 1" in letter.text, NEED in letter.text) == (taken["coordinator"], True, False)


def test_the_privacy_notice_says_both_times_and_a_version_from_before_what_was_promised_then():
    call = a_call(kept_days=90, private_days=10)
    snapshot = dict(announced.versions(call.id)[-1].snapshot)
    first = "Answers and files of those who get no place are deleted by themselves. Days after the final list: {}."
    second = "Answers that the coordinator alone reads are deleted of those who take part, too. Days after the end of the course: 10."
    assert [str(each) for each in privacy.sections(snapshot)[1].lines] == [first.format(90), second]
    before = {name: value for name, value in snapshot.items() if name not in {"kept_days", "private_days"}}
    assert [str(each) for each in privacy.sections(before)[1].lines] == [first.format(365)]
