"""The minutes of a publication: for the committee only, in two languages, by code, as a file that everybody can read."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from itertools import pairwise

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.announcing.models import NoticeVersion
from inspire_lms.plugins.online_call.appealing import answering
from inspire_lms.plugins.online_call.applying import opening
from inspire_lms.plugins.online_call.judging import deciding
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.plugins.online_call.overriding import answering as answering_two
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.publishing import provisional, shown
from inspire_lms.plugins.online_call.publishing.models import Publication
from tests.builders import a_person, an_administrator, words
from tests.plugins.online_call.builders import CLOSED, OPEN, PUBLISHED, a_call, a_part, an_application, committee, decided, judged, scored
from tests.plugins.online_call.lists import IN_PEACE, IN_TIME, a_provisional_list, an_appeal
from tests.plugins.online_call.marks import BESIDE, given

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def both():
    """A provisional list of three with a tie, an appeal that was dismissed, and the final list. Gives applications and coordinator."""
    call, applications, coordinator = a_provisional_list([90, 90, 40], seats=1)
    call_id, appeal = call.id, an_appeal(applications[1])
    with clock.frozen(IN_TIME):
        answering.answer(appeal.id, is_upheld=False, words="It was read.", by=coordinator.id)
    with clock.frozen(IN_PEACE):
        publishing.publish(call_id, by=coordinator.id)
    return applications, coordinator


def address(number, language="en"):
    return f"/online_call/publications/{session.scalars(select(Publication.id).where(Publication.number == number)).one()}/minutes-{language}.pdf"


def words_of(answer):
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    pdf = PdfReader(BytesIO(answer.data))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return str(pdf.trailer["/Root"]["/Lang"]), " ".join(" ".join(each.extract_text() for each in pdf.pages).split())


def test_the_minutes_state_members_rules_list_appeals_and_places_to_sign(client, sign_in_as, both):
    (first, second, third), coordinator = both
    sign_in_as(client, coordinator)
    language, said = words_of(client.get(address(2)))
    assert language == "en"
    for each in (
        "Minutes no. 2: Final ranking", "no. 1", "Seed of the draw a seed", f"{coordinator.given_name} {coordinator.family_name}", "Eligible 3", "1-1",
        "Dismissed", "earlier submission", "Signatures", session.scalars(select(Publication.digest).where(Publication.number == 1)).one()[:20],
        *(each.protocol_number for each in (first, second, third)),
    ):  # fmt: skip
        assert each.replace(" ", "") in said.replace(" ", ""), each
    heads = ("Selected", "Reserve list", "Rejected: not enough points", "Rejected: not eligible", "Decisions by two people")
    places = [said.rindex(each) for each in heads]
    groups = [said[begins:ends].replace(" ", "") for begins, ends in pairwise(places)]
    assert [[each.id for each in (first, second, third) if each.protocol_number in group] for group in groups] == [[first.id], [second.id], [third.id], []]
    applicant = session.get(Person, first.person_id)
    assert applicant.email not in said
    assert "The second criterion was not read." not in said


def test_the_minutes_come_in_the_language_of_the_country_too_and_in_no_other(client, sign_in_as, both):
    sign_in_as(client, both[1])
    language, said = words_of(client.get(address(1, "it")))
    assert (language, "Verbale n. 1: Graduatoria provvisoria" in said) == ("it", True)
    assert client.get(address(1, "ro")).status_code == 404


def test_the_same_minutes_are_the_same_bytes_whenever_they_are_taken(client, sign_in_as, both):
    sign_in_as(client, both[1])
    with clock.frozen(PUBLISHED):
        one = client.get(address(1)).data
    with clock.frozen(PUBLISHED + timedelta(days=30)):
        assert client.get(address(1)).data == one


def test_what_the_call_says_later_changes_no_minutes(client, sign_in_as, both):
    sign_in_as(client, both[1])
    before = [client.get(address(number)).data for number in (1, 2)]
    cohort = session.scalars(select(Call)).one().cohort
    criteria = tuple(replace(each, title=words(f"Renamed {each.code}")) for each in a_part().criteria)
    changed = a_part(appeal_days=5, title=words("Renamed call"), criteria=criteria, reason=words("The words were unclear."))
    with clock.frozen(IN_PEACE + timedelta(days=1)):
        opening.load(cohort.edition_id, {cohort.country: changed}, None)
        assert "Renamed call" in client.get("/online_call/it").text
        assert [client.get(address(number)).data for number in (1, 2)] == before


def test_the_minutes_name_the_version_of_the_notice_and_count_the_applications_under_each(client, sign_in_as):
    call = a_call(seats=1)
    cohort, coordinator = call.cohort, committee(call)[2]
    load, part = opening.load, a_part(offer_days=9, reason=words("More time to answer."))
    decided(an_application(call), coordinator)
    with clock.frozen(OPEN + timedelta(days=1)):
        for _again in range(3):
            load(cohort.edition_id, {cohort.country: part}, None)
    late = decided(an_application(session.scalars(select(Call)).one(), at=OPEN + timedelta(days=2)), coordinator)
    for each in session.scalars(select(Application)).all():
        scored(each, 90, 90)
    with clock.frozen(PUBLISHED):
        publishing.publish(late.call_id, by=coordinator.id)
    sign_in_as(client, coordinator)
    _language, said = words_of(client.get(address(1)))
    version = session.scalars(select(NoticeVersion).where(NoticeVersion.number == 2)).one()
    for each in ("Version of the notice 2", f"Fingerprint of the notice {version.digest[:20]}", "Made under the version of the notice Number 1 1 2 1"):
        assert each.replace(" ", "") in said.replace(" ", ""), each
    assert session.scalar(select(Call.version)) > version.number, "how often the file was loaded is another number"


def test_a_criterion_beside_the_total_stands_in_no_result_and_no_minutes(client, sign_in_as):
    call = a_call(seats=1, appeal_days=5, criteria=(*a_part().criteria, BESIDE))
    one, other, coordinator = committee(call)
    application = decided(an_application(call), coordinator)
    for evaluator in (one, other):
        given(application, evaluator, motivation=50, transfer=30, recommendation=9)
    with clock.frozen(PUBLISHED):
        provisional.publish(application.call_id, by=coordinator.id)
        line = shown.own_result(session.get(Application, application.id)).line
    assert [(title.text("en"), points, most) for title, points, most in line.points] == [("Motivation", 50, 60), ("Transfer", 30, 40)]
    sign_in_as(client, coordinator)
    _language, said = words_of(client.get(address(1)))
    assert ("Transfer" in said, "Recommendation" in said) == (True, False)


def test_the_minutes_are_for_the_committee_and_who_takes_them_is_recorded(client, sign_in_as, both):
    (first, *_others), coordinator = both
    where = address(1)
    assert client.get(where).status_code in {302, 303, 401}
    for stranger in (a_person(), session.get(Person, first.person_id)):
        sign_in_as(client, stranger)
        assert client.get(where).status_code == 403
    sign_in_as(client, coordinator)
    client.get(where)
    assert [(line.by_id, line.after) for line in audit.recent(did="online_call.minutes-taken")] == [(coordinator.id, {"number": 1, "language": "en"})]


def test_decisions_other_than_the_rules_stand_in_the_minutes_with_both_people_and_without_the_reason(client, sign_in_as):
    call = a_call(seats=1, appeal_days=5)
    call_id, (_ids, coordinator), other = call.id, judged(call, [90, 80]), an_administrator()
    unfit = an_application(session.get(Call, call_id), employed="no")
    with clock.frozen(CLOSED):
        deciding.decide(unfit.id, is_eligible=True, note="Employed by a body that counts.", by=coordinator.id)
        answering_two.confirm(session.scalars(select(Override.id)).one(), by=other.id)
    session.rollback()
    scored(session.get(Application, unfit.id), 70, 70)
    with clock.frozen(PUBLISHED):
        provisional.publish(call_id, by=coordinator.id)
    sign_in_as(client, coordinator)
    _language, said = words_of(client.get(address(1)))
    part = said[said.index("Decisions by two people") : said.rindex("Appeals")].replace(" ", "")
    names = [f"{each.given_name}{each.family_name}".replace(" ", "") for each in (coordinator, other)]
    assert [each for each in (unfit.protocol_number, "Ittakespartintheselection", *names) if each not in part] == []
    assert "Employed by a body" not in said


def test_earlier_minutes_that_did_not_state_decisions_by_two_are_still_laid_out(client, sign_in_as, both):
    session.rollback()
    with transaction():
        table = Publication.__table__
        kept = session.scalars(select(Publication.minutes).where(Publication.number == 1)).one()
        session.connection().execute(update(table).where(table.c.number == 1).values(minutes={key: each for key, each in kept.items() if key != "by_two"}))
    sign_in_as(client, both[1])
    _language, said = words_of(client.get(address(1)))
    assert ("Decisions by two people" in said, "Signatures" in said) == (False, True)
