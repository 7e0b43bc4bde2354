"""What waits in a selection, as the committee room shows it: counted by the database, to whom it may be shown."""

from datetime import timedelta

import pytest
from lxml import html
from sqlalchemy import update

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.mail import Mail, MailState
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.appealing import filing
from inspire_lms.plugins.online_call.correcting import actions as correcting
from inspire_lms.plugins.online_call.judging import deciding, reviewing
from inspire_lms.plugins.online_call.mending import asking
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.plugins.online_call.posting import actions as posting
from inspire_lms.plugins.online_call.publishing import provisional
from inspire_lms.plugins.online_call.seeing.phases import Others
from tests.builders import a_person, an_administrator, staff
from tests.plugins.online_call.builders import (
    CLOSED,
    CLOSES,
    OPEN,
    PUBLISHED,
    a_call,
    a_draft,
    a_mendable_form,
    a_selection,
    an_application,
    committee,
    decided,
    judged,
    scored,
)
from tests.plugins.online_call.papers import a_row, handed_in
from tests.plugins.online_call.superiors import a_draft_without_a_file, a_linked_call, ask, submit
from tests.plugins.online_call.test_phases import a_phase

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)


def room(call):
    return f"/online_call/rooms/{call.cohort_id}"


def rows(client, address):
    """What stands in the table of what waits: the words of each row, and where its link leads.

    Left out is who has not said for whom they work, as nobody here has: test_recusing looks at that.
    """
    part = html.fromstring(client.get(address).text).get_element_by_id("waits")
    for heard in part.xpath(".//*[@class='vh']"):
        heard.drop_tree()
    found = [
        ([" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")], row.xpath("./th//a/@href")[0])
        for row in part.xpath(".//tbody/tr")
    ]
    return [each for each in found if not each[1].endswith("/waiting/administrations")]


def test_an_open_call_says_when_it_closes_and_how_many_drafts_there_are(client, sign_in_as):
    call = a_call()
    a_draft(call)
    an_application(call)
    sign_in_as(client, committee(call)[2])
    with clock.frozen(OPEN):
        assert rows(client, room(call)) == [
            (
                ["The call closes; 1 draft is not submitted yet", "The applicants", "Friday 11 December 2026, 12:00 (Italian time, CET)"],
                f"{room(call)}/applications",
            )
        ]


def test_after_the_closing_everything_is_said_with_its_person_and_its_time(client, sign_in_as):
    call = a_call(form=a_mendable_form())
    one, other, coordinator = committee(call)
    second = staff(call.cohort, "coordinator", given_name="Second", family_name="Person")
    undecided, proposed, mended, eligible = (an_application(call) for _each in range(4))
    ids = [each.id for each in (undecided, proposed, mended)]
    decided(eligible, coordinator)
    names = [f"{each.given_name} {each.family_name}" for each in (one, other, coordinator)]
    with clock.frozen(CLOSED):
        deciding.decide(ids[1], is_eligible=False, note="Not signed.", by=coordinator.id)
        asking.ask(ids[2], ["authorisation"], "It cannot be read.", by=coordinator.id)
    sign_in_as(client, second)
    with clock.frozen(CLOSED + DAY):
        found = rows(client, room(call))
    checked, ranked = "Friday 18 December 2026", "Friday 15 January 2027"
    proposal = found[2][1]
    assert found == [
        (["1 application is being mended", "The applicants", "Thursday 17 December 2026, 12:00 (Italian time, CET)"], f"{room(call)}/mendings"),
        (["1 application waits for the decision on its eligibility", "The coordinators of the country", checked], f"/online_call/files/{ids[0]}"),
        (["1 decision other than the rules waits for a second person", f"Second Personnot {names[2]}, whose proposal it is", checked], proposal),
        *((["1 evaluation is still to be given", name, ranked], f"{room(call)}/waiting/evaluations?of={who.id}") for name, who in zip(names, (one, other), strict=False)),
    ]
    assert proposal.startswith("/online_call/overrides/")
    with clock.frozen(CLOSED + 30 * DAY):
        late = [cells[2] for cells, _href in rows(client, room(call))]
    assert late[:2] == ["Overdue: the last day was Friday 18 December 2026"] * 2, "the words say it, and it stands first"


def test_superiors_who_were_asked_and_tables_on_paper_wait_until_their_moment(client, sign_in_as):
    call = a_linked_call()
    coordinator = committee(call)[2]
    asked, still_written = (a_draft_without_a_file(call, at=CLOSES - DAY) for _each in range(2))
    for each in (asked, still_written):
        ask(each, at=CLOSES - DAY)
    asked_id = submit(asked, at=CLOSES - DAY).id
    made, _by = handed_in(call, a_row(1), by=coordinator.id)
    sign_in_as(client, coordinator)
    with clock.frozen(CLOSED):
        found = rows(client, room(call))
    assert found == [
        (
            ["1 superior has not answered yet", "The superiors whom the applicants have named", "Monday 14 December 2026, 12:00 (Italian time, CET)"],
            f"/online_call/files/{asked_id}",
        ),
        (
            ["1 application waits for the decision on its eligibility", "The coordinators of the country", "Friday 18 December 2026"],
            f"/online_call/files/{asked_id}",
        ),
        (
            ["1 table of applications on paper waits to be confirmed", "The coordinators of the country", "Saturday 19 December 2026, 12:00 (Italian time, CET)"],
            f"/online_call/imports/{made}",
        ),
    ]
    with clock.frozen(CLOSES + 3 * DAY):
        assert rows(client, room(call))[0][0][0].startswith("1 application waits"), "a link that has died asks nobody any more"


def test_what_is_opened_again_after_the_final_list_waits_for_a_decision_and_then_for_a_corrected_list(client, sign_in_as):
    call = a_call(seats=1)
    call_id = call.id
    _ids, coordinator = judged(call, [90])
    by, second = coordinator.id, staff(call.cohort, "coordinator").id
    rejected = an_application(call, employed="no").id
    with clock.frozen(CLOSED):
        deciding.decide(rejected, is_eligible=False, note="", by=by)
    sign_in_as(client, coordinator)
    with clock.frozen(PUBLISHED):
        publishing.publish(call_id, by=by)
        correcting.confirm(correcting.propose(rejected, "A late appeal.", by=by).id, by=second)
        assert (["1 application that was opened again waits for a decision", "The coordinators of the country", "–"], f"/online_call/files/{rejected}") in rows(client, room(call))
        deciding.decide(rejected, is_eligible=False, note="", by=by)
        assert rows(client, room(call))[-1] == (["The corrected list can be published", "The coordinators of the country", "–"], f"{room(call)}/correction")


def test_where_nobody_else_coordinates_the_administration_confirms(client, sign_in_as):
    call = a_call()
    coordinator = committee(call)[2]
    application_id = an_application(call).id
    with clock.frozen(CLOSED):
        deciding.decide(application_id, is_eligible=False, note="Not signed.", by=coordinator.id)
        sign_in_as(client, coordinator)
        assert [cells[1] for cells, _href in rows(client, room(call))] == ["The administration of the platform"]


def test_a_coordinator_who_applied_is_not_named_as_the_second_person_for_the_own_application(client, sign_in_as):
    call = a_call()
    coordinator, second, third = committee(call)[2], *(staff(call.cohort, "coordinator") for _each in range(2))
    own, other = an_application(call, second).id, an_application(call).id
    name = f"{third.given_name} {third.family_name}"
    note = f"not {coordinator.given_name} {coordinator.family_name}, whose proposal it is"
    with clock.frozen(CLOSED):
        deciding.decide(own, is_eligible=False, note="Not signed.", by=coordinator.id)
        sign_in_as(client, coordinator)
        assert [cells[:2] for cells, _href in rows(client, room(call))][1:] == [["1 decision other than the rules waits for a second person", f"{name}{note}"]]
        deciding.decide(other, is_eligible=False, note="Not signed.", by=coordinator.id)
        ((_what, who, _until), _href), = rows(client, room(call))
    assert (who.startswith("One of these: "), name in who, f"{second.given_name} {second.family_name}" in who) == (True, True, True), "of two they can confirm one"


def test_between_the_lists_appeals_stand_and_then_the_publication(client, sign_in_as):
    call = a_call(seats=1, appeal_days=5)
    call_id = call.id
    ids, coordinator = judged(call, [90, 80])
    sign_in_as(client, coordinator)
    with clock.frozen(CLOSED):
        assert [cells[0] for cells, _href in rows(client, room(call))] == ["The provisional ranking can be published"]
        publication = provisional.publish(call_id, by=coordinator.id)
        until = publication.appeal_until
        filing.file(ids[1], "Too few points.", by=session.get(Application, ids[1]).person_id)
        found = rows(client, room(call))
    assert [cells[0] for cells, _href in found] == ["The time to appeal ends", "1 appeal waits for an answer"]
    assert found[1][1].startswith("/online_call/appeals/")
    with clock.frozen(until):
        assert [cells[0] for cells, _href in rows(client, room(call))] == ["1 appeal waits for an answer"]


def test_after_the_final_list_offers_corrections_and_letters_stand(client, sign_in_as):
    call = a_call(seats=1)
    call_id = call.id
    ids, coordinator = judged(call, [90, 80])
    with clock.frozen(PUBLISHED):
        posting.let_wait(call_id, is_closed=True, by=coordinator.id)
        publishing.publish(call_id, by=coordinator.id)
        correcting.propose(ids[1], "A late appeal.", by=coordinator.id)
        sign_in_as(client, coordinator)
        found = rows(client, room(call))
    assert [cells[0] for cells, _href in found] == [
        "1 offer is open",
        "The reserve list ends; 1 person waits on it",
        "1 proposal to open an application again waits for a second person",
        "1 letter waits to be released",
    ]
    assert found[0][0][2] == "Monday 18 January 2027, 12:00 (Italian time, CET)"
    with transaction():
        session.execute(update(Mail).where(Mail.state == MailState.HELD).values(state=MailState.FAILED, error="No such address", parts=None))
    with clock.frozen(PUBLISHED):
        assert rows(client, room(call))[-1][0][0] == "1 letter could not be sent"


def test_who_lacks_an_evaluator_or_needs_a_third_is_counted_as_the_list_of_open_points_finds_it(client, sign_in_as):
    call = a_call(gap=20)
    one, other, coordinator = committee(call)
    applications = [decided(an_application(call), coordinator) for _each in range(3)]
    ids = [each.id for each in applications]
    scored(applications[0], "90", "69.9")
    scored(applications[1], "90", "70")
    with clock.frozen(CLOSED):
        review = next(each.id for each in reviewing._reviews_of([ids[2]])[ids[2]] if each.evaluator_id == one.id)
        reviewing.declare_conflict(review, "We are related.", by=one.id)
        sign_in_as(client, coordinator)
        found = rows(client, room(call))
        listed = client.get(f"{room(call)}/waiting/evaluators").text
        to_give = client.get(f"{room(call)}/waiting/evaluations?of={other.id}").text
    assert {cells[0]: href for cells, href in found} == {
        "1 evaluator is still to be asked": f"{room(call)}/waiting/evaluators",
        "1 application needs a third evaluator": f"/online_call/files/{ids[0]}#evaluators",
        "1 evaluation is still to be given": f"{room(call)}/waiting/evaluations?of={other.id}",
    }
    assert [f"/online_call/files/{each}#" in listed for each in ids] == [True, False, True]
    assert [f"/online_call/files/{each}#" in to_give for each in ids] == [False, False, True]


def test_a_coordinator_who_is_to_evaluate_learns_of_no_gap_before_the_own_points(client, sign_in_as):
    call = a_call(gap=20)
    coordinator = committee(call)[2]
    application = decided(an_application(call), coordinator)
    application_id = application.id
    application = scored(application, "90", "60")
    sign_in_as(client, coordinator)
    with clock.frozen(CLOSED):
        assert [cells[0] for cells, _href in rows(client, room(call))] == ["1 application needs a third evaluator"]
        reviewing.ask(application_id, coordinator.id, by=coordinator.id)
        assert rows(client, room(call)) == [
            (
                ["1 evaluation is still to be given", f"{coordinator.given_name} {coordinator.family_name}", "Friday 15 January 2027"],
                "/online_call/reviews",
            )
        ]
        assert f"/online_call/files/{application_id}#" not in client.get(f"{room(call)}/waiting/evaluators").text


def test_in_a_phase_without_points_the_list_says_from_when_on_they_can_be_given(client, sign_in_as):
    hour = timedelta(hours=1)
    call = a_call(phases=(a_phase("before", CLOSED - hour, may_mark=False, others=Others.NEVER), a_phase("marking", CLOSED + hour)))
    coordinator = committee(call)[2]
    decided(an_application(call), coordinator)
    sign_in_as(client, coordinator)
    with clock.frozen(CLOSED):
        found = [cells for cells, _href in rows(client, room(call))]
    assert [cells[0] for cells in found] == ["The phase “Marking” begins", *["1 evaluation is still to be given"] * 2]
    assert found[0][1] == "Nobody: it comes by the clock"
    assert ["Points can be given from" in cells[1] for cells in found] == [False, True, True]


DEEDS = ("waiting/remind", "confirm", "publish", "publish-provisionally")
ADDRESSES = ("waiting", "waiting/evaluations", "waiting/evaluators", *DEEDS)


@pytest.mark.parametrize(
    ("who", "status"),
    [("coordinator", 200), ("administrator", 200), ("evaluator", 403), ("applicant", 403), ("coordinator elsewhere", 404), ("nobody", 303)],
)
def test_what_waits_is_for_those_who_select_and_for_nobody_else(client, sign_in_as, who, status):
    call = a_call("IT")
    one, _other, coordinator = committee(call)
    application = decided(an_application(call, a_person(family_name="Quaquarini")), coordinator)
    people = {
        "coordinator": coordinator, "administrator": an_administrator(), "evaluator": one, "applicant": application.person_id,
        "coordinator elsewhere": committee(a_call("RO"))[2],
    }  # fmt: skip
    if who in people:
        sign_in_as(client, people[who] if who != "applicant" else session.get(Person, people[who]))
    with clock.frozen(CLOSED):
        answers = [client.get(f"{room(call)}/{each}") for each in ADDRESSES]
        posted = [client.post(f"{room(call)}/{each}").status_code for each in DEEDS]
    assert [each.status_code for each in answers] == [status] * len(ADDRESSES)
    assert posted == [409 if status == 200 else status] * len(DEEDS), "who has seen nothing confirms nothing"
    if status == 200:
        assert "Quaquarini" not in answers[0].text, "the list counts applicants and names none of them"


def test_the_room_shows_the_first_lines_and_leads_to_the_others(client, sign_in_as):
    call = a_call()
    coordinator = committee(call)[2]
    evaluators = [staff(call.cohort, "evaluator") for _each in range(10)]
    for _each in range(6):
        decided(an_application(call), coordinator)
    sign_in_as(client, coordinator)
    with clock.frozen(CLOSED):
        shown, everything = rows(client, room(call)), rows(client, f"{room(call)}/waiting")
        page = client.get(room(call)).text
    assert len(evaluators) + 2 == len(everything) == 12
    assert shown == everything[:8]
    assert "All that waits: 13" in page, "these, and that nobody has said for whom they work"


@pytest.mark.parametrize("published", [False, True])
def test_the_list_costs_the_same_statements_for_two_hundred_applications_as_for_two(client, sign_in_as, statements, published):
    counted = []
    for country, number in (("IT", 2), ("RO", 200)):
        call = a_call(country)
        call_id = call.id
        ids, coordinator = judged(call, [95 - each / 10 for each in range(number)])
        with transaction():
            session.execute(update(Application).where(Application.id == ids[-1]).values(state="submitted"))
        if published:
            with transaction():
                session.execute(update(Application).where(Application.id == ids[-1]).values(state="eligible"))
            with clock.frozen(PUBLISHED):
                publishing.publish(call_id, by=coordinator.id)
        sign_in_as(client, coordinator)
        with clock.frozen(PUBLISHED):
            client.get(f"{room(call)}/waiting")
            with statements() as seen:
                assert client.get(f"{room(call)}/waiting").status_code == 200
        counted.append(len(seen))
    assert counted[0] == counted[1]


@pytest.mark.both_engines
def test_a_published_selection_with_a_gap_is_counted_on_both_databases(client, sign_in_as):
    call, applications = a_selection([90, 80, 70], seats=1, gap=20)
    coordinator = staff(call.cohort, "coordinator")
    sign_in_as(client, coordinator)
    with clock.frozen(PUBLISHED):
        assert [cells[0] for cells, _href in rows(client, room(call))] == ["1 offer is open", "The reserve list ends; 2 people wait on it"]
        assert len(applications) == 3
