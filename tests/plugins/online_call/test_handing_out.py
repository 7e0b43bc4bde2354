"""What the applicant is handed out on request: everything that hangs on the own application, when it is out, and nobody else's."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.people import erasing
from inspire_lms.plugins.online_call.correcting import actions as correcting
from inspire_lms.plugins.online_call.correcting import publishing as corrected
from inspire_lms.plugins.online_call.judging import deciding, reviewing
from inspire_lms.plugins.online_call.models import Review
from inspire_lms.plugins.online_call.offering import publishing
from inspire_lms.plugins.online_call.offering.models import Place
from inspire_lms.plugins.online_call.overriding import answering
from inspire_lms.plugins.online_call.overriding import queries as overrides
from inspire_lms.plugins.online_call.plugin import plugin
from inspire_lms.plugins.online_call.publishing import provisional
from tests.builders import an_administrator, words
from tests.plugins.online_call.builders import CLOSED, PUBLISHED, a_call, a_selection, an_application, committee, decided
from tests.plugins.online_call.lists import IN_PEACE
from tests.plugins.online_call.marks import BESIDE, TRANSFER, WITH_LEVELS, given

pytestmark = pytest.mark.usefixtures("app")
EVALUATIONS, LINES, CORRECTIONS, OVERRIDES = (
    "online_call_mark.points", "online_call_publication.lines", "online_call_correction.reason", "online_call_override.reason",
)  # fmt: skip


def told_to(person_id):
    session.rollback()
    return erasing.held_about(person_id, plugin.privacy)


def test_the_files_and_what_each_rule_found_are_handed_out(app):
    call = a_call()
    *_, coordinator = committee(call)
    application, other = an_application(call), an_application(call)
    with clock.frozen(CLOSED):
        decided(application, coordinator)
    told = erasing.held_about(application.person_id, plugin.privacy)
    assert [row["id"] for row in told["online_call_application"]] == [application.id]
    assert [row["application_id"] for row in told["online_call_attachment"]] == [application.id]
    assert {row["application_id"] for row in told["online_call_outcome"]} == {application.id}
    assert other.id != application.id


def test_place_and_points_are_handed_out_and_not_who_gave_them(app):
    _, (first, second) = a_selection([90, 80])
    told = erasing.held_about(second.person_id, plugin.privacy)
    [row] = told["online_call_place"]
    position, points = session.execute(select(Place.position, Place.points).where(Place.application_id == second.id)).one()
    assert (row["application_id"], row["position"], row["points"]) == (second.id, position, points)
    assert told["online_call_review"] == []
    assert first.id != second.id


def a_mark(code, title, points, most, *, level=None, counts=True, reason=""):
    return {
        "criterion": code, "title": words(title), "points": points, "most": most,
        "level": level and words(level), "counts": counts, "reason": reason,
    }  # fmt: skip


def test_evaluations_are_handed_out_from_the_final_list_on_by_turn_and_not_why_somebody_stepped_back():
    call = a_call(criteria=(*WITH_LEVELS, BESIDE), appeal_days=5, gap=Decimal(40))
    call_id, (first, second, coordinator) = call.id, committee(call)
    application, other = decided(an_application(call), coordinator), decided(an_application(call), coordinator)
    mine, not_mine = (application.id, application.person_id), other.id
    for one, evaluator, points, remark in ((application, first, 60, "She is brief."), (application, second, "32.5", ""), (other, first, 20, "His.")):
        given(one, evaluator, motivation=points, transfer=30, recommendation=5, comment=remark, reasons={"motivation": f"Because of {points}."})
    with clock.frozen(CLOSED):
        turn = session.scalars(select(Review).where(Review.application_id == not_mine, Review.evaluator_id == second.id)).one()
        reviewing.give(turn.id, {"motivation": 20, "transfer": 30, "recommendation": 5}, "", by=second.id)
    why = "My cousin is ill."
    with transaction():
        session.add(Review(application_id=mine[0], evaluator_id=coordinator.id, turn=2, state="abstained", comment=why, asked_at=CLOSED))
    assert (told_to(mine[1])[EVALUATIONS], told_to(mine[1])[LINES]) == ([], [])
    with clock.frozen(PUBLISHED):
        provisional.publish(call_id, by=coordinator.id)
    assert [(each["kind"], each["line"]["number"]) for each in told_to(mine[1])[LINES]] == [("provisional", application.protocol_number)]
    assert told_to(mine[1])[EVALUATIONS] == []
    with clock.frozen(IN_PEACE):
        publishing.publish(call_id, by=coordinator.id)
    beside, transfer = a_mark("recommendation", "Recommendation", "5", 10, counts=False), a_mark("transfer", "Transfer", "30", TRANSFER.weight)
    whole = told_to(mine[1])
    assert whole[EVALUATIONS] == [
        {
            "application_id": mine[0], "evaluation": 1, "total": "90", "remark": "She is brief.",
            "criteria": [a_mark("motivation", "Motivation", "60", 60, level="Convincing", reason="Because of 60."), transfer, beside],
        },
        {
            "application_id": mine[0], "evaluation": 2, "total": "62.5", "remark": "",
            "criteria": [a_mark("motivation", "Motivation", "32.5", 60, level="Clear", reason="Because of 32.5."), transfer, beside],
        },
    ]  # fmt: skip
    assert [each["kind"] for each in whole[LINES]] == ["provisional", "final"]
    assert (whole["online_call_review"], why in str(whole), "His." in str(whole)) == ([], False, False)


def test_what_is_opened_again_is_handed_out_with_the_corrected_list():
    call, (application, _other) = a_selection([90, 80])
    call_id, number, person_id = call.id, application.id, application.person_id
    one, two = an_administrator().id, an_administrator().id
    before = told_to(person_id)[EVALUATIONS]
    with clock.frozen(PUBLISHED):
        correction_id = correcting.propose(number, "A court has decided.", by=one).id
        assert told_to(person_id)[CORRECTIONS] == []
    with clock.frozen(IN_PEACE):
        correcting.confirm(correction_id, by=two)
        asked = select(Review).where(Review.application_id == number, Review.state == "asked").order_by(Review.turn)
        for review in session.scalars(asked).all():
            reviewing.give(review.id, {"motivation": 50, "transfer": 1}, "Anew.", by=review.evaluator_id)
        while_open = told_to(person_id)
        corrected.publish(call_id, by=one)
    after = told_to(person_id)
    assert ([each["total"] for each in before], "Anew." in str(while_open), while_open[CORRECTIONS]) == (["90", "90"], False, [])
    assert [each["remark"] for each in after[EVALUATIONS]].count("Anew.") == len(after[EVALUATIONS]) > 0
    assert [(each["state"], each["reason"]) for each in after[CORRECTIONS]] == [("published", "A court has decided.")]


def test_a_decision_against_the_rules_is_handed_out_when_a_second_person_has_confirmed_it():
    call = a_call()
    coordinator, application = committee(call)[2], an_application(call)
    number, person_id, second = application.id, application.person_id, an_administrator().id
    with clock.frozen(CLOSED):
        deciding.decide(number, is_eligible=False, note="It is not signed.", by=coordinator.id)
        waiting = told_to(person_id)
        answering.confirm(overrides.open_one(number).id, by=second)
    assert waiting[OVERRIDES] == []
    (found,) = told_to(person_id)[OVERRIDES]
    assert (found["state"], found["reason"], found["is_eligible"]) == ("confirmed", "It is not signed.", False)
    assert not {"proposed_by_id", "answered_by_id"} & set(found)
