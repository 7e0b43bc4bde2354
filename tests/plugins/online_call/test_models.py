"""What the tables refuse: each case breaks one rule and names it."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.plugins.online_call.announcing.models import NoticeVersion
from inspire_lms.plugins.online_call.appealing.models import Appeal
from inspire_lms.plugins.online_call.authorising.models import Authorisation
from inspire_lms.plugins.online_call.correcting import actions as correcting
from inspire_lms.plugins.online_call.correcting.models import Correction
from inspire_lms.plugins.online_call.importing.models import Import, Imported
from inspire_lms.plugins.online_call.judging import deciding
from inspire_lms.plugins.online_call.looking import actions as looking
from inspire_lms.plugins.online_call.looking.models import Look
from inspire_lms.plugins.online_call.mending import actions as mending
from inspire_lms.plugins.online_call.mending import asking
from inspire_lms.plugins.online_call.mending.models import Earlier, Mending
from inspire_lms.plugins.online_call.models import Application, Attachment, Call, Criterion, Mark, Outcome, Register, Review
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.posting.models import Letter
from inspire_lms.plugins.online_call.posting.models import Message as AnnouncedMessage
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.recusing import actions as recusing
from inspire_lms.plugins.online_call.recusing.models import Recusal
from tests.builders import a_person
from tests.plugins.online_call.builders import (
    CLOSED,
    OPEN,
    PDF,
    PUBLISHED,
    a_call,
    a_draft,
    a_mendable_form,
    a_selection,
    an_announcement,
    an_application,
    committee,
)
from tests.plugins.online_call.lists import a_provisional_list, an_appeal
from tests.plugins.online_call.papers import a_row, confirmed, handed_in
from tests.plugins.online_call.superiors import a_draft_without_a_file, a_linked_call, ask

pytestmark = pytest.mark.usefixtures("app")


def breaks(name, deed):
    """Say that the database refuses *deed* and names the rule."""
    with pytest.raises(IntegrityError) as refused, transaction():
        deed()
        session.flush()
    said = str(refused.value.orig)
    assert name in said or "UNIQUE constraint failed" in said


def change(table, **values):
    """Change the one row of a table against its rules."""

    def deed():
        row = session.scalars(select(table).order_by(*table.__table__.primary_key).limit(1)).one()
        for column, value in values.items():
            setattr(row, column, value)

    return deed


def again(table, **but):
    """Store the one row of a table a second time."""

    def deed():
        row = session.scalars(select(table).order_by(*table.__table__.primary_key).limit(1)).one()
        columns = [each.name for each in table.__table__.columns if each.name != "id"]
        session.add(table(**{name: getattr(row, name) for name in columns} | but))

    return deed


@pytest.mark.parametrize(
    ("name", "table", "values"),
    [
        ("opens_before_it_closes", Call, {"opens_at": OPEN + timedelta(days=90)}),
        ("least_score_is_not_negative", Call, {"suitable_from": Decimal(-1)}),
        ("gap_is_positive", Call, {"gap": Decimal(0)}),
        ("an_offer_has_days", Call, {"offer_days": 0}),
        ("an_offer_has_days", Call, {"offer_days": 61}),
        ("mending_has_days", Call, {"mend_days": 0}),
        ("mending_has_days", Call, {"mend_days": 31}),
        ("appeals_have_days", Call, {"appeal_days": -1}),
        ("appeals_have_days", Call, {"appeal_days": 31}),
        ("what_is_kept_has_days", Call, {"kept_days": 59}),
        ("what_is_kept_has_days", Call, {"kept_days": 1826}),
        ("what_is_private_has_days", Call, {"private_days": -1}),
        ("what_is_private_has_days", Call, {"private_days": 366}),
        ("counts_from_nought", Register, {"last": -1}),
        ("weight_is_positive", Criterion, {"weight": 0}),
        ("state_is_known", Application, {"state": "lost"}),
        ("only_a_draft_has_no_time", Application, {"state": "draft"}),
        ("the_number_comes_with_the_time", Application, {"protocol_number": None}),
        ("only_a_withdrawn_one_was_withdrawn", Application, {"state": "withdrawn"}),
        ("only_a_withdrawn_one_was_withdrawn", Application, {"withdrawn_at": OPEN}),
        ("a_decision_has_a_time", Application, {"decided_at": None}),
        ("state_is_known", Review, {"state": "lost", "done_at": None, "total": None}),
        ("three_turns_at_most", Review, {"turn": 4}),
        ("three_turns_at_most", Review, {"turn": 0}),
        ("only_a_done_one_has_a_time", Review, {"done_at": None}),
        ("only_a_done_one_has_a_total", Review, {"total": None}),
        ("points_are_within_the_weight", Mark, {"points": Decimal("-0.5")}),
        ("points_are_within_the_weight", Mark, {"points": Decimal("60.5")}),
        ("never_more_than_the_seats", Ranking, {"held": 2}),
        ("never_more_than_the_seats", Ranking, {"held": -1}),
        ("standing_is_known", Place, {"standing": "lost"}),
        ("an_answer_needs_an_offer", Place, {"offered_at": None, "offer_until": None}),
        ("an_offer_has_a_deadline", Place, {"offer_until": None}),
        ("an_answer_has_a_time", Place, {"standing": "accepted"}),
        ("an_answer_has_a_time", Place, {"standing": "declined"}),
    ],
)
def test_a_row_that_cannot_be_is_refused(name, table, values):
    a_selection([80], seats=1)
    breaks(name, change(table, **values))


@pytest.mark.parametrize(
    ("name", "table", "but"),
    [
        ("uq_online_call_call_cohort_id", Call, {}),
        ("uq_online_call_criterion_call_id_code", Criterion, {"position": 9}),
        ("uq_online_call_criterion_call_id_position", Criterion, {"code": "other"}),
        ("uq_online_call_application_call_id_person_id", Application, {"protocol_number": "X"}),
        ("uq_online_call_mark_review_id_criterion_id", Mark, {}),
        ("uq_online_call_review_application_id_evaluator_id", Review, {"turn": 3}),
        ("uq_online_call_ranking_call_id", Ranking, {}),
        ("uq_online_call_place_application_id", Place, {"position": 9}),
    ],
)
def test_nothing_is_there_twice(name, table, but):
    a_selection([80], seats=1)
    breaks(name, again(table, **but))


def test_a_protocol_number_is_given_once():
    a_selection([80], seats=1)
    breaks("uq_online_call_application_protocol_number", again(Application, person_id=a_person().id))


def test_two_evaluators_cannot_have_the_same_turn_unless_one_has_stepped_back():
    a_selection([80], seats=1)
    breaks("uq_online_call_review_turn", again(Review, evaluator_id=a_person().id))
    with transaction():
        change(Review, state="conflict", done_at=None, total=None)()
        session.flush()
        again(Review, evaluator_id=a_person().id, state="asked", done_at=None, total=None)()


def test_two_lines_of_a_ranking_cannot_have_the_same_position():
    a_selection([80, 70], seats=1)
    breaks("uq_online_call_place_ranking_id_position", change(Place, position=2))


@pytest.mark.parametrize(
    ("name", "but"),
    [
        ("uq_online_call_publication_call_id_number", {"kind": "corrected", "reason": "R"}),
        ("uq_online_call_publication_kind", {"number": 2, "follows": "x"}),
        ("publications_are_numbered_from_one", {"number": 0, "follows": "x", "kind": "corrected", "reason": "R"}),
        ("kind_is_known", {"number": 2, "follows": "x", "kind": "lost"}),
        ("only_a_provisional_one_waits", {"number": 2, "follows": "x", "kind": "provisional"}),
        ("only_a_provisional_one_waits", {"number": 2, "follows": "x", "kind": "corrected", "reason": "R", "appeal_until": PUBLISHED}),
        ("each_follows_the_one_before", {"number": 2, "kind": "corrected", "reason": "R"}),
        ("a_correction_has_a_reason", {"number": 2, "follows": "x", "kind": "corrected"}),
    ],
)
def test_a_publication_that_cannot_be_is_refused(name, but):
    a_selection([80], seats=1)
    breaks(name, again(Publication, **but))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("appeals_are_numbered_from_one", {"number": 0}),
        ("about_is_known", {"about": "weather"}),
        ("state_is_known", {"state": "lost"}),
        ("an_appeal_says_why", {"grounds": ""}),
        ("only_a_withdrawn_one_was_withdrawn", {"withdrawn_at": PUBLISHED}),
        ("only_an_answered_one_has_a_time", {"state": "upheld"}),
        ("an_answer_is_somebodys", {"state": "upheld", "answered_at": PUBLISHED, "answer": "Yes."}),
        ("an_answer_has_a_reason", {"answer": "Yes."}),
    ],
)
def test_an_appeal_that_cannot_be_is_refused(name, values):
    an_appeal(a_provisional_list([80])[1][0])
    breaks(name, change(Appeal, **values))


def test_an_application_has_one_appeal_against_a_list_and_each_a_number():
    _call, (first, second), _coordinator = a_provisional_list([80, 70])
    an_appeal(first)
    breaks("uq_online_call_appeal_publication_id_application_id", again(Appeal, number=2))
    breaks("uq_online_call_appeal_publication_id_number", again(Appeal, application_id=second.id))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("state_is_known", {"state": "lost", "answered_at": PUBLISHED, "answered_by_id": "proposed_by_id"}),
        ("a_correction_has_a_reason", {"reason": ""}),
        ("only_a_proposed_one_waits", {"state": "dropped"}),
        ("an_answer_is_somebodys", {"state": "taken_back", "answered_at": PUBLISHED}),
        ("a_second_person_answers", {"state": "reopened", "answered_at": PUBLISHED, "answered_by_id": "proposed_by_id"}),
    ],
)
def test_a_correction_that_cannot_be_is_refused(name, values):
    _call, (first, *_others) = a_selection([80], seats=1)
    by = a_person().id
    correcting.propose(first.id, "We had added up wrongly.", by=by)
    breaks(name, change(Correction, **{column: by if value == "proposed_by_id" else value for column, value in values.items()}))


def test_an_application_is_opened_again_once_at_a_time():
    _call, (first, *_others) = a_selection([80], seats=1)
    correcting.propose(first.id, "We had added up wrongly.", by=a_person().id)
    breaks("uq_online_call_correction_open", again(Correction))


def test_a_question_has_one_file():
    a_draft(a_call())
    breaks("uq_online_call_attachment_application_id_question", again(Attachment))


def test_a_rule_finds_one_thing_of_the_kinds_that_there_are():
    an_application(a_call())
    breaks("finding_is_known", change(Outcome, finding="perhaps"))
    breaks("uq_online_call_outcome_application_id_rule", again(Outcome))


def test_versions_of_a_notice_are_counted_from_one_each_with_its_digest_and_no_draft_is_under_one():
    a_draft(a_call())
    breaks("counts_from_one", change(NoticeVersion, number=0))
    breaks("the_digest_is_whole", change(NoticeVersion, digest="abc"))
    breaks("uq_online_call_notice_version_call_id_number", again(NoticeVersion))
    breaks("a_draft_is_under_no_version", change(Application, notice_version=1))


def test_a_look_is_somebodys_at_something_and_there_once_a_day():
    application = an_application(a_call())
    looking.looked(application, by=a_person().id)
    breaks("office_is_known", change(Look, office="neighbour"))
    breaks("a_look_saw_something", change(Look, saw_answers=False))
    breaks("uq_online_call_look_application_id_by_id_day", again(Look))


def test_a_proposal_has_two_people_a_reason_and_an_answer_that_fit_together():
    call = a_call()
    coordinator, application = committee(call)[2], an_application(call)
    with clock.frozen(CLOSED):
        deciding.decide(application.id, is_eligible=False, note="Not signed.", by=coordinator.id)
    answered = {"state": "confirmed", "answered_at": CLOSED, "answered_by_id": a_person().id}
    for name, values in (
        ("finding_is_known", {"found": "perhaps"}),
        ("state_is_known", answered | {"state": "lost"}),
        ("a_proposal_has_a_reason", {"reason": ""}),
        ("only_an_open_one_waits", {"answered_at": CLOSED}),
        ("only_an_open_one_waits", answered | {"answered_at": None}),
        ("an_answer_is_somebodys", {"answered_by_id": coordinator.id}),
        ("an_answer_is_somebodys", {"state": "taken_back", "answered_at": CLOSED}),
        ("a_second_person_answers", answered | {"answered_by_id": coordinator.id}),
        ("a_second_person_answers", answered | {"state": "sent_back", "answer": "No.", "answered_by_id": coordinator.id}),
        ("sending_back_has_a_reason", answered | {"state": "sent_back", "answer": ""}),
    ):
        breaks(name, change(Override, **values))
    breaks("uq_online_call_override_open", again(Override))


def test_a_mending_leaves_time_says_what_is_asked_and_keeps_one_file_for_each_question():
    call = a_call(form=a_mendable_form())
    coordinator, application = committee(call)[2], an_application(call)
    number, applicant = application.id, application.person_id
    with clock.frozen(CLOSED):
        asking.ask(number, ["authorisation"], "Not signed.", by=coordinator.id)
        mending.mend(number, {}, {"authorisation": (BytesIO(PDF), "new.pdf")}, by=applicant)
    breaks("it_says_what_is_asked", change(Mending, sentence=""))
    breaks("it_leaves_time", change(Mending, asked_at=PUBLISHED))
    breaks("it_was_mended_in_time", change(Mending, mended_at=PUBLISHED))
    breaks("uq_online_call_mending_application_id", again(Mending))
    breaks("uq_online_call_earlier_mending_id_question", again(Earlier))


def test_a_coordinator_declares_a_conflict_once_and_says_which():
    call = a_call()
    recusing.declare(an_application(call).id, "We are related.", by=committee(call)[2].id)
    breaks("it_says_what_the_conflict_is", change(Recusal, what=""))
    breaks("uq_online_call_recusal_application_id_person_id", again(Recusal))


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("state_is_known", {"state": "lost"}),
        ("only_an_answer_has_a_time", {"state": "given"}),
        ("only_an_answer_has_a_time", {"answered_at": OPEN}),
        ("it_was_asked_once_at_least", {"times": 0}),
        ("a_link_works_for_a_while", {"expires_at": OPEN}),
        ("a_reminder_has_a_link", {"reminded_at": OPEN}),
        ("a_reminder_has_a_link", {"reminder_digest": "x"}),
    ],
)
def test_a_request_that_cannot_be_is_refused(name, values):
    ask(a_draft_without_a_file(a_linked_call()))
    breaks(name, change(Authorisation, **values))


def test_of_a_request_there_is_one_and_a_link_belongs_to_one():
    ask(a_draft_without_a_file(a_linked_call()))
    breaks("uq_online_call_authorisation_application_id_question", again(Authorisation, digest="another"))
    breaks("uq_online_call_authorisation_digest", again(Authorisation, question="another"))
    with transaction():
        change(Authorisation, reminder_digest="x", reminded_at=OPEN)()
    breaks("uq_online_call_authorisation_reminder_digest", again(Authorisation, question="another", digest="another"))
@pytest.mark.parametrize(
    ("name", "table", "values"),
    [
        ("whoever_confirms_has_a_name", Import, {"confirmed_by": None}),
        ("the_table_is_kept_until_it_is_confirmed", Import, {"confirmed_at": None, "confirmed_by": None}),
        ("what_is_confirmed_has_a_source", Import, {"source": ""}),
        ("rows_are_counted_from_nought", Import, {"written": -1}),
        ("rows_are_counted_from_nought", Import, {"left_out": -1}),
        ("rows_are_counted_from_nought", Import, {"accounts": -1}),
        ("lines_begin_with_one", Imported, {"line": 0}),
    ],
)
def test_an_import_that_cannot_be_is_refused(name, table, values):
    confirmed(*handed_in(a_call(), a_row()))
    breaks(name, change(table, **values))


@pytest.mark.parametrize(
    ("name", "table", "but"),
    [
        ("uq_online_call_import_call_id_digest", Import, {}),
        ("uq_online_call_imported_application_id", Imported, {"line": 9}),
    ],
)
def test_a_table_is_imported_once_and_an_application_came_once(name, table, but):
    confirmed(*handed_in(a_call(), a_row()))
    breaks(name, again(table, **but))


def test_a_row_of_a_table_is_one_application():
    call = a_call()
    confirmed(*handed_in(call, a_row()))
    breaks("uq_online_call_imported_import_id_line", again(Imported, application_id=an_application(call).id))


@pytest.mark.parametrize(
    ("name", "table", "values"),
    [
        ("somebody_edited_it", Letter, {"edited_at": OPEN}),
        ("only_an_edited_one_was_other", Letter, {"text_before": "Before"}),
        ("a_rule_is_near_its_day", AnnouncedMessage, {"days": 61}),
        ("a_rule_is_near_its_day", AnnouncedMessage, {"days": -61}),
        ("nothing_is_written_too_early", AnnouncedMessage, {"written_at": OPEN}),
    ],
)
def test_a_letter_or_an_announcement_that_cannot_be_is_refused(name, table, values):
    an_application(a_call(messages=(an_announcement(),)))
    breaks(name, change(table, **values))


def test_a_call_announces_one_thing_under_one_code():
    a_call(messages=(an_announcement(),))
    breaks("uq_online_call_message_call_id_code", again(AnnouncedMessage))


def test_a_call_that_offers_is_published_with_its_moment():
    _call, (one,) = a_selection([80], seats=1)
    line = session.scalars(select(Place).where(Place.application_id == one.id)).one()
    assert line.offered_at == PUBLISHED
