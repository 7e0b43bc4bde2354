"""A criterion corrected after scoring began: what would happen is shown first, done when confirmed, refused after a publication."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given as generated
from hypothesis import strategies as st
from sqlalchemy import select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.access import actions as access
from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.i18n import show
from inspire_lms.plugins.online_call.applying import opening
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.edition import Weighed
from inspire_lms.plugins.online_call.judging import queries, replacing
from inspire_lms.plugins.online_call.marking.corrections import Criteria, Given, Measured, compared
from inspire_lms.plugins.online_call.marking.queries import marked
from inspire_lms.plugins.online_call.marking.reading import Correction
from inspire_lms.plugins.online_call.marking.scales import Level, Scale, problems, total_of
from inspire_lms.plugins.online_call.models import Call, Criterion, Mark, Review
from tests.builders import a_cohort, staff, words
from tests.plugins.online_call.builders import CLOSED, PUBLISHED, a_call, a_draft, a_part, a_selection, an_application, committee, decided
from tests.plugins.online_call.marks import LEVELS, MOTIVATION, TRANSFER, WITH_LEVELS, given, states_of
from tests.plugins.online_call.test_opening import FILE, read_file

WHY = words("The points of a level were written wrongly.")
MENDED = replace(MOTIVATION, levels=tuple(replace(each, points=Decimal(35)) if each.points == Decimal("32.5") else each for each in LEVELS))
"""One level brings other points; the others are as before."""


def load(edition_id, *, confirms="", at=CLOSED, **but):
    """Load the call anew, with the word that confirms a correction."""
    with clock.frozen(at):
        opening.load(edition_id, {"IT": a_part(correction=Correction(confirms, words(f"{WHY.text()} ({confirms})")) if confirms else None, **but)}, None)


def shown(edition_id, **but):
    """What a loading says it would do, and the word that confirms it."""
    with pytest.raises(Refused) as refused:
        load(edition_id, **but)
    said = show(refused.value.reason)
    return said, re.search(r"confirms = “([0-9a-f]{10})”", said)[1]


@pytest.fixture
def scored(app):
    """A call with levels: two applications, of one both evaluations are given, of the other one. Gives edition, people, applications."""
    call = a_call(criteria=WITH_LEVELS)
    edition_id = call.cohort.edition_id
    one, other, coordinator = committee(call)
    first, second = decided(an_application(call), coordinator), decided(an_application(call), coordinator)
    given(first, one, motivation=32.5, transfer=20)
    given(first, other, motivation=60, transfer=20)
    given(second, one, motivation=32.5, transfer=30, comment="Near.")
    return edition_id, (one, other, coordinator), (first, second)


def test_what_a_correction_would_do_is_shown_with_its_counts_and_nothing_is_written(scored, outbox):
    edition_id, (one, other, _coordinator), (first, second) = scored
    mails = len(outbox)
    said, _word = shown(edition_id, criteria=(MENDED, TRANSFER))
    for part in ("“Motivation” has other levels.", "Evaluations that keep their points: 1.", "evaluators are told by mail: 2.", "Points are never scaled."):
        assert part in said
    assert states_of(first) == [(1, one.id, "done"), (2, other.id, "done")]
    assert states_of(second) == [(1, one.id, "done"), (2, other.id, "asked")]
    assert session.scalars(select(Call)).one().version == 1
    assert len(outbox) == mails


def test_confirmed_it_keeps_what_fits_opens_what_does_not_and_tells_why(scored, outbox, client, sign_in_as):
    edition_id, (one, other, _coordinator), (first, second) = scored
    _said, word = shown(edition_id, criteria=(MENDED, TRANSFER))
    load(edition_id, criteria=(MENDED, TRANSFER), confirms=word)
    assert states_of(first) == [(1, one.id, "asked"), (2, other.id, "done")]
    assert states_of(second) == [(1, one.id, "asked"), (2, other.id, "asked")]
    reviews = session.scalars(select(Review).order_by(Review.id)).all()
    marks = marked(each.id for each in reviews)
    assert [{code: mark.points for code, mark in marks.get(each.id, {}).items()} for each in reviews] == [
        {"transfer": 20}, {"motivation": 60, "transfer": 20}, {"transfer": 30}, {},
    ]  # fmt: skip
    (mail,) = [each for each in outbox if each.key.startswith("online_call.corrected:")]
    assert (mail.to_person, mail.subject) == (one.id, "2 evaluations are to be given again")
    assert WHY["en"] in mail.text
    call = session.scalars(select(Call)).one()
    (line,) = [each for each in audit.about(("call", call.id)) if each.did == "online_call.corrected"]
    assert line.after == {"criteria": {"motivation": 60, "transfer": 40}, "kept": 1, "again": 2}
    sign_in_as(client, one)
    with clock.frozen(CLOSED):
        page = client.get(f"/online_call/reviews/{reviews[2].id}").text
        table = client.get("/online_call/reviews").text
    assert ('value="30"' in page, "Near." in page, "2 applications wait for your evaluation" in table) == (True, True, True)
    given(first, one, motivation=35, transfer=20)
    assert {each.number: each.score.total for each in queries.judged(session.scalars(select(Call)).one()) if each.score} == {first.protocol_number: Decimal("67.50")}


def test_a_word_holds_for_what_was_shown_and_for_nothing_else(scored):
    edition_id, (_one, other, _coordinator), (_first, second) = scored
    _said, word = shown(edition_id, criteria=(MENDED, TRANSFER))
    given(second, other, motivation=20, transfer=10)
    said, newer = shown(edition_id, criteria=(MENDED, TRANSFER), confirms=word)
    assert ("Evaluations that keep their points: 2." in said, newer != word) == (True, True)
    _said, another = shown(edition_id, criteria=(MENDED, replace(TRANSFER, weight=30)), confirms=newer)
    assert another not in {word, newer}
    load(edition_id, criteria=(MENDED, TRANSFER), confirms=newer)
    load(edition_id, criteria=(MENDED, TRANSFER), confirms=newer)
    assert [line.did for line in audit.about(("call", session.scalars(select(Call.id)).one()))].count("online_call.corrected") == 1


def test_criteria_come_go_and_change_places_without_losing_what_fits(scored):
    edition_id, _people, (first, _second) = scored
    beside = Weighed("letter", words("Letter"), words("About it"), 5, counts=False)
    after = (beside, replace(TRANSFER, title=words("Use of it")), MOTIVATION)
    said, word = shown(edition_id, criteria=after)
    assert ("“Letter” is new." in said, "told by mail: 3." in said) == (True, True)
    load(edition_id, criteria=after, confirms=word)
    rows = session.scalars(select(Criterion).order_by(Criterion.position)).all()
    assert [(each.code, each.title["en"]) for each in rows] == [("letter", "Letter"), ("transfer", "Use of it"), ("motivation", "Motivation")]
    given(first, _people[0], motivation=32.5, transfer=20, letter=5)
    _said, word = shown(edition_id, criteria=after[1:])
    load(edition_id, criteria=after[1:], confirms=word)
    assert states_of(first)[0][2] == "done", "what stood beside the total is gone, and the total is the same"


def test_words_of_criteria_may_change_without_a_confirmation(scored):
    edition_id, _people, (first, _second) = scored
    load(edition_id, criteria=(replace(MOTIVATION, about=words("In other words")), TRANSFER), reason=words("Clearer words."))
    assert [state for _turn, _who, state in states_of(first)] == ["done", "done"]
    assert session.scalars(select(Criterion.about).order_by(Criterion.position)).first() == words("In other words")


def test_an_evaluator_who_leaves_before_giving_it_again_is_replaced_and_nothing_of_the_half_evaluation_stays(scored):
    edition_id, (one, other, coordinator), (first, second) = scored
    _said, word = shown(edition_id, criteria=(MENDED, TRANSFER))
    load(edition_id, criteria=(MENDED, TRANSFER), confirms=word)
    cohort = session.scalars(select(Call)).one().cohort
    spare = staff(cohort, "evaluator")
    access.revoke(one.id, "evaluator", cohort.context_id, by=coordinator.id)
    with clock.frozen(CLOSED):
        replacing.replace_absent()
    assert states_of(first) == [(1, spare.id, "asked"), (2, other.id, "done")]
    assert states_of(second) == [(1, spare.id, "asked"), (2, other.id, "asked")]
    assert sorted(session.scalars(select(Mark.points))) == [20, 60]


def test_points_that_were_typed_under_other_criteria_are_not_kept_but_shown_beside_the_new_ones(scored, client, sign_in_as):
    edition_id, (_one, other, _coordinator), (_first, second) = scored
    review_id = next(each.id for each in session.scalars(select(Review).where(Review.application_id == second.id, Review.evaluator_id == other.id)))
    sign_in_as(client, other)

    def sent():
        page = client.get(f"/online_call/reviews/{review_id}").text
        return {"motivation": "60.0", "transfer": "40", "_comment": "", "_criteria": re.search(r'name="_criteria" value="(\w{16})"', page)[1]}

    with clock.frozen(CLOSED):
        typed = sent()
    after = (MOTIVATION, replace(TRANSFER, weight=80))
    load(edition_id, criteria=after, confirms=shown(edition_id, criteria=after)[1])
    with clock.frozen(CLOSED):
        answer = client.post(f"/online_call/reviews/{review_id}?language=en", data=typed)
        assert (answer.status_code, "The criteria were corrected after you opened this page." in answer.text) == (409, True)
        assert ("from 0 to 80 points" in answer.text, 'value="40"' in answer.text) == (True, True)
        assert list(session.scalars(select(Mark).where(Mark.review_id == review_id))) == []
        assert client.post(f"/online_call/reviews/{review_id}", data=sent()).status_code == 303


@pytest.mark.usefixtures("app")
def test_all_countries_are_shown_at_once_each_with_its_word():
    edition = a_call("IT").cohort.edition
    edition_id = edition.id
    greek = a_call("GR", cohort=a_cohort("GR", edition=edition))
    for call in session.scalars(select(Call)).all():
        a_draft(call)
    after = a_part(criteria=(MOTIVATION, TRANSFER))
    with pytest.raises(Refused) as refused:
        opening.load(edition_id, {"IT": after, "GR": after}, None)
    said = show(refused.value.reason)
    assert re.findall(r"(\w+): somebody has applied already", said) == ["Italy", "Greece"]
    words_said = re.findall(r"confirms = “([0-9a-f]{10})”", said)
    confirmed = [replace(after, correction=Correction(word, words(f"Slip {word}"))) for word in words_said]
    opening.load(edition_id, dict(zip(("IT", "GR"), confirmed, strict=True)), None)
    assert [len(each.levels) for each in applying.criteria(greek.id)] == [4, 0]


@pytest.mark.usefixtures("app")
def test_after_a_publication_no_criterion_changes_whatever_the_file_confirms():
    call, _applications = a_selection([80], seats=1)
    with pytest.raises(Refused, match="the ranking is published, so the criteria are fixed"):
        load(call.cohort.edition_id, criteria=(replace(MOTIVATION, levels=()), replace(TRANSFER, weight=30)), confirms="0123456789", at=PUBLISHED)


def test_the_confirmation_stands_in_the_edition_file():
    table = '[call.correction]\nconfirms = "0123456789"\nwhy = { en = "A slip" }\n'
    part, mistakes = read_file(FILE.replace("[[call.criterion]]", table + "[[call.criterion]]", 1))
    assert (mistakes, part.correction) == ([], Correction("0123456789", {"en": "A slip"}))
    _part, mistakes = read_file(FILE.replace("[[call.criterion]]", '[call.correction]\nconfirms = "0123456789"\n[[call.criterion]]', 1))
    assert any("“why” is missing" in said for said in mistakes), mistakes


points = st.integers(0, 6).map(Decimal)
scales = st.one_of(
    st.builds(Scale, weight=st.sampled_from([6, 8]), counts=st.booleans()),
    st.builds(
        lambda worth, counts: Scale(6, tuple(Level(each, {}, {}) for each in sorted({*worth, Decimal(6)})), counts), st.sets(points, min_size=1), st.booleans()
    ),
)
criteria = st.dictionaries(st.sampled_from("abc"), scales, min_size=1)


@generated(before=criteria, after=criteria, explains=st.booleans(), data=st.data())
def test_an_evaluation_that_is_kept_is_whole_allowed_and_worth_the_same(before, after, explains, data):
    marks = {
        code: (data.draw(st.sampled_from([each.points for each in scale.levels]) if scale.levels else points), data.draw(st.sampled_from(["", "So."])))
        for code, scale in before.items()
    }
    old, new = (Criteria({code: Measured({}, scale) for code, scale in each.items()}, needs) for each, needs in ((before, False), (after, explains)))
    found = compared(old, new, [Given(1, True, marks)])
    assert sorted([*found.kept, *found.again]) == [1]
    left = {code: mark for code, mark in marks.items() if code not in found.unfit.get(1, ())}
    assert left.keys() <= after.keys()
    if found.kept:
        given_points = {code: mark for code, (mark, _reason) in left.items()}
        reasons = {code: reason for code, (_mark, reason) in left.items()}
        assert problems(given_points, reasons, after, explains_extremes=explains) == {}
        assert total_of(given_points, after) == total_of({code: mark for code, (mark, _reason) in marks.items()}, before)
    if before == after and not explains:
        assert (found.kept, found.changes, found.unfit) == ((1,), (), {})
