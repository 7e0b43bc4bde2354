"""An evaluator who does not judge an application has not "not yet" judged it: somebody else is asked, and it is counted apart."""

import pytest
from sqlalchemy import text

from inspire_lms import migrating
from inspire_lms.app import create_app
from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import db, session
from inspire_lms.kernel.errors import Invalid, NotThere, Refused
from inspire_lms.plugins.online_call.judging import queries, reviewing
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.settings import Settings
from tests.builders import staff
from tests.ground.databases import unfinished
from tests.plugins.online_call.builders import CLOSED, PUBLISHED, a_call, an_application, committee, decided, judged, scored
from tests.plugins.online_call.marks import given, review_of, states_of

WHY = "I do not read Ladin."


@pytest.mark.usefixtures("app")
def test_who_abstains_says_why_and_somebody_else_is_asked_at_once():
    call = a_call()
    one, other, coordinator = committee(call)
    application = scored(decided(an_application(call), coordinator), 60)
    third = staff(call.cohort, "evaluator")
    number = review_of(application, one).id
    with clock.frozen(CLOSED):
        for wrong, by, refusal in (("  ", one, Invalid), (WHY, other, NotThere)):
            with pytest.raises(refusal):
                reviewing.abstain(number, wrong, by=by.id)
        reviewing.abstain(number, WHY, by=one.id)
        for deed in (lambda: reviewing.abstain(number, WHY, by=one.id), lambda: reviewing.give(number, {}, "", by=one.id)):
            with pytest.raises(Refused, match="You abstained from this application"):
                deed()
    assert states_of(application) == [(1, one.id, "abstained"), (1, third.id, "asked"), (2, other.id, "asked")]
    assert [line.by_id for line in audit.about(("review", number)) if line.did == "online_call.abstained"] == [one.id]
    assert queries.marks_of(number) == {}


@pytest.mark.usefixtures("app")
def test_a_third_evaluator_who_abstains_is_replaced_too_and_an_abstention_is_no_open_evaluation():
    call = a_call()
    call_id = call.id
    _one, _other, coordinator = committee(call)
    spare = staff(call.cohort, "evaluator")
    application = scored(decided(an_application(call), coordinator), 90, 60)
    another = staff(call.cohort, "evaluator")
    with clock.frozen(CLOSED):
        reviewing.abstain(review_of(application, spare).id, WHY, by=spare.id)
    assert states_of(application)[2:] == [(3, spare.id, "abstained"), (3, another.id, "asked")]
    given(application, another, motivation=60, transfer=28)
    with clock.frozen(PUBLISHED):
        call = session.get_one(Call, call_id)
        assert publishing.why_not(call, publishing.Unsettled.of(queries.judged(call))) is None


def test_abstaining_by_page_is_counted_apart_in_the_list_and_in_the_room(client, sign_in_as):
    call = a_call()
    one, _other, coordinator = committee(call)
    application, waiting = decided(an_application(call), coordinator), decided(an_application(call), coordinator)
    review, still = review_of(application, one).id, review_of(waiting, one).id
    sign_in_as(client, one)
    with clock.frozen(CLOSED):
        assert client.post(f"/online_call/reviews/{review}/abstain", data={"why": ""}).status_code == 422
        assert client.post(f"/online_call/reviews/{review}/abstain", data={"why": WHY}).status_code == 303
        listed, after = client.get("/online_call/reviews").text, client.get(f"/online_call/reviews/{review}").text
        sign_in_as(client, coordinator)
        room, file = client.get(f"/online_call/rooms/{call.cohort_id}").text, client.get(f"/online_call/files/{application.id}").text
    assert listed.index(f"/reviews/{still}") < listed.index(f"/reviews/{review}"), "what waits stands first"
    assert "1 application waits for your evaluation" in listed
    assert ["Abstained" in page for page in (listed, after)] == [True, True]
    assert "A challenge of our own." not in after
    assert "conflicts of interest 0, abstentions 1." in room
    assert "An evaluator is missing" in room, "nobody is left, and the room says so"
    assert WHY in file


def test_marks_survive_the_migration_that_lets_evaluators_abstain(tmp_path, bare_database):
    app = create_app(Settings(instance=tmp_path / "bare", database_url=bare_database, argon2_cheap=True, without=unfinished()))
    told = text("SELECT count(*), sum(points) FROM online_call_mark")
    with app.app_context():
        migrating.upgrade(app)
        judged(a_call(), [80, 70])
        found = []
        for step in (lambda: None, lambda: migrating.downgrade(app, "b3d8071fe64a-1"), lambda: migrating.upgrade(app)):
            session.remove()
            step()
            found.append(tuple(session.execute(told).one()))
        session.remove()
        db.engine.dispose()
    assert found == [found[0]] * 3
    assert found[0][0] == 8
