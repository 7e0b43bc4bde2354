"""Each load that changes the notice makes a version; who has applied is told; what harms somebody is refused."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Refused
from inspire_lms.kernel.i18n import show, speaking
from inspire_lms.kernel.mail import Mail
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.online_call.announcing import auditing, letters, queries, rules, shown, snapshot
from inspire_lms.plugins.online_call.announcing.labels import FIELDS, WITHIN
from inspire_lms.plugins.online_call.announcing.models import NoticeVersion
from inspire_lms.plugins.online_call.applying import actions, opening
from inspire_lms.plugins.online_call.edition import Weighed
from inspire_lms.plugins.online_call.models import Application, Call, Criterion
from inspire_lms.plugins.online_call.offering import leaving
from inspire_lms.plugins.online_call.rules import Window
from tests.builders import a_person, words
from tests.plugins.online_call.builders import (
    CLOSED,
    CLOSES,
    OPEN,
    OPENS,
    PUBLISHED,
    a_call,
    a_draft,
    a_form,
    a_part,
    a_selection,
    an_application,
)

pytestmark = pytest.mark.usefixtures("app")
BEFORE = OPENS - timedelta(days=10)
WHY = words("The ministry has asked for it")
HOUR = timedelta(hours=1)


def announced(**but):
    """A call that was loaded before it opened."""
    with clock.frozen(BEFORE):
        return a_call(**but)


def load_again(call, at, **but):
    """Load the file of a call once more, with what it says now."""
    edition_id, country, call_id = call.cohort.edition_id, call.cohort.country, call.id
    with clock.frozen(at):
        opening.load(edition_id, {country: a_part(**but)}, None)
    return session.get(Call, call_id)


def said(call):
    """The latest version: its number, and what changed with it, as an English reader has it."""
    with speaking("en", "Europe/Rome"):
        latest = shown.versions(call.id)[0]
        return latest.version.number, [f"{show(one.what)}: {show(one.said)}" for one in latest.changes]


def test_the_same_file_again_makes_no_version():
    call = announced()
    for at in (BEFORE, OPEN, CLOSED):
        load_again(call, at)
    assert said(call) == (1, [])


def test_each_field_that_changes_is_told_in_words():
    call = announced()
    weights = (Weighed("motivation", words("Motivation"), words("About it"), 55), Weighed("impact", words("Impact"), words("About it"), 45))
    form = tuple(replace(each, title=words("Work")) if each.code == "work" else each for each in a_form())
    load_again(
        call, BEFORE + HOUR, closes_at=CLOSES + timedelta(days=3), ranked_by=date(2027, 1, 16), criteria=weights, form=form, suitable_from=Decimal(55),
        chain=("submitted", "draw"), lede=words("A longer text. " * 10), prepare=(),
        annexes=({"code": "law", "title": words("The law"), "text": words("Article 1")},),
    )  # fmt: skip
    assert said(call) == (
        2,
        [
            "Introduction: The text has changed.",
            "Closing of the call: from Friday 11 December 2026, 12:00 (Italian time, CET) to Monday 14 December 2026, 12:00 (Italian time, CET)",
            "Last day for the offers: from Friday 15 January 2027 to Saturday 16 January 2027",
            "When totals are equal: The text has changed.",
            "Section “Work” of the form, title: from “Your work” to “Work”",
            "What to prepare: from Your authorisation to nothing",
            "Least points for a place: from 50 to 55",
            "Annex “The law”: added",
            "Criterion “Motivation”, weight: from 60 to 55",
            "Criterion “Transfer”: removed",
            "Criterion “Impact”: added",
        ],
    )


def test_before_it_opens_no_reason_is_needed_and_afterwards_one_that_is_new():
    call = announced()
    load_again(call, OPENS - timedelta(seconds=1), offer_days=8)
    with pytest.raises(Refused, match="has opened: say in"):
        load_again(call, OPENS, offer_days=9)
    load_again(call, OPENS, offer_days=9, reason=WHY)
    with pytest.raises(Refused, match="say why the notice changes this time"):
        load_again(call, OPEN, offer_days=10, reason=WHY)
    load_again(call, OPEN, offer_days=9, reason=WHY)
    found = [(one.number, dict(one.reason)) for one in queries.versions(call.id)]
    assert found == [(1, {}), (2, {}), (3, dict(WHY))]


WINDOW = Window(OPENS, CLOSES, "Europe/Rome")


@pytest.mark.parametrize(
    ("at", "changed", "window", "held", "is_published", "refused"),
    [
        (BEFORE, {"opens_at"}, Window(OPENS + HOUR, CLOSES, "UTC"), 0, False, None),
        (OPENS, {"opens_at"}, Window(OPENS + HOUR, CLOSES, "UTC"), 0, False, "it cannot open later"),
        (OPEN, {"closes_at"}, Window(OPENS, OPEN, "UTC"), 0, False, "cannot close earlier than now"),
        (OPEN, {"closes_at"}, Window(OPENS, OPEN + HOUR, "UTC"), 0, False, None),
        (CLOSED, {"closes_at"}, Window(OPENS, CLOSES - HOUR, "UTC"), 0, False, "cannot close earlier than now"),
        (CLOSED, {"closes_at"}, Window(OPENS, CLOSED + HOUR, "UTC"), 0, False, None),
        (CLOSED, {"closes_at"}, Window(OPENS, CLOSED + HOUR, "UTC"), 0, True, "cannot be opened again"),
        (CLOSES - HOUR, {"seed"}, WINDOW, 0, False, None),
        (CLOSES, {"seed"}, WINDOW, 0, False, "are fixed"),
        (CLOSES, {"chain", "lede"}, WINDOW, 0, False, "are fixed"),
        (CLOSES, {"quotas"}, WINDOW, 0, False, "are fixed"),
        (CLOSES, {"lede"}, WINDOW, 0, False, None),
        (CLOSED, {"seats"}, WINDOW, 20, True, None),
        (CLOSED, {"seats"}, WINDOW, 21, True, "21. There cannot be fewer"),
    ],
)
def test_what_would_harm_those_who_relied_on_it_is_refused(at, changed, window, held, is_published, refused):
    reason = rules.why_not_change(changed, rules.Standing(WINDOW, held, is_published), window, 20, at=at)
    assert (refused in str(reason)) if refused else reason is None


def test_what_is_refused_leaves_everything_as_it_was():
    call = announced()
    with pytest.raises(Refused, match="Italia"):
        load_again(call, OPEN, closes_at=OPEN - HOUR, reason=WHY)
    assert (session.get(Call, call.id).closes_at, said(call)[0]) == (CLOSES, 1)


def test_seats_that_are_offered_cannot_be_taken_away():
    call, _applications = a_selection([90, 80], seats=2)
    cohort_id = call.cohort_id
    with transaction():
        session.execute(update(Cohort).where(Cohort.id == cohort_id).values(seats=1))
    with pytest.raises(Refused, match="Places that are offered or taken: 2"):
        load_again(call, PUBLISHED + HOUR, reason=WHY)


def test_an_application_is_under_the_version_in_force_when_it_was_submitted():
    call = announced()
    first = an_application(call, at=OPEN)
    draft = a_draft(call, at=OPEN)
    first_id, draft_id, person_id = first.id, draft.id, draft.person_id
    load_again(call, OPEN + HOUR, closes_at=CLOSES + HOUR, reason=WHY)
    assert [one.version.number for one in shown.since(session.get(Application, draft_id))] == [2]
    with clock.frozen(OPEN + HOUR):
        actions.submit(draft_id, by=person_id)
    found = {each: session.get(Application, each).notice_version for each in (first_id, draft_id)}
    assert found == {first_id: 1, draft_id: 2}
    assert [shown.since(session.get(Application, each)) == [] for each in (first_id, draft_id)] == [False, True]


@pytest.mark.parametrize(("at", "number"), [(OPEN - HOUR, 1), (OPEN, 1), (OPEN + HOUR, 2), (CLOSES, 2)])
def test_paper_is_under_the_version_in_force_when_it_was_received(at, number):
    known = {1: OPEN, 2: OPEN + HOUR}
    assert queries.held_at(known, at) == number
    assert queries.held_at({}, at) is None


def test_those_who_write_and_those_who_take_part_are_told_once_in_their_language_and_nobody_else():
    call = announced()
    people = [a_person(language=language) for language in ("it", "el", "en", "ro")]
    for person in people[:2]:
        a_draft(call, person)
    an_application(call, people[2])
    gone = an_application(call, people[3])
    with clock.frozen(OPEN):
        leaving.withdraw(gone.id, by=gone.person_id)
    load_again(call, OPEN + HOUR, closes_at=CLOSES + HOUR, lede=words("Another text. " * 20), reason=WHY)
    latest = queries.latest(call.id)
    with clock.frozen(OPEN + HOUR):
        jobs.run_due()
        letters.tell(latest.id, 0)
    found = session.scalars(select(Mail).where(Mail.key.like("online_call.notice-changed:%")).order_by(Mail.id)).all()
    assert [(mail.to_person, mail.language) for mail in found] == [(people[0].id, "it"), (people[1].id, "el"), (people[2].id, "en")]
    english = found[2].text
    assert "Closing of the call" in english
    assert "to Friday 11 December 2026, 13:00 (Italian time, CET)" in english
    assert "Both texts stand on the page of the call." in english
    assert "The reason: The ministry has asked for it" in english
    assert f"/online_call/notices/{call.cohort_id}/2" in english


def test_a_change_before_the_call_opens_is_mailed_to_nobody():
    call = announced()
    load_again(call, BEFORE + HOUR, offer_days=9)
    assert session.scalars(select(jobs.Job).where(jobs.Job.kind == "online_call.tell-of-change")).all() == []


def test_an_earlier_version_can_be_shown_again_whole():
    call = announced(seed="the first seed")
    kept, weights = snapshot.taken(call, list(session.scalars(select(Criterion).order_by(Criterion.position)))), {"motivation": 60, "transfer": 40}
    load_again(call, BEFORE + HOUR, seed="another", criteria=(Weighed("motivation", words("M"), words("A"), 10),))
    first = queries.versions(call.id)[0]
    restored, criteria = snapshot.call_of(first.snapshot, call), snapshot.criteria_of(first.snapshot)
    assert snapshot.taken(restored, criteria) == kept == first.snapshot
    assert (restored.seed, {one.code: one.weight for one in criteria}) == ("the first seed", weights)
    assert restored not in session


def test_the_audit_sees_a_version_that_was_touched_and_one_that_is_missing():
    call = announced()
    load_again(call, BEFORE + HOUR, offer_days=9)
    assert list(auditing.unchanged()) == []
    with transaction():
        session.execute(update(NoticeVersion).where(NoticeVersion.number == 1).values(reason={"en": "x"}))
    assert list(auditing.unchanged()) == [f"version 1 of the notice of call {call.id} is not what was published"]
    with transaction():
        session.delete(session.scalars(select(NoticeVersion).where(NoticeVersion.number == 1)).one())
    assert list(auditing.unchanged()) == [f"call {call.id} has no version 1 of its notice"]


def test_a_call_from_before_there_were_versions_gets_its_first_as_it_stood():
    call = announced()
    with transaction():
        session.delete(queries.latest(call.id))
    load_again(call, OPEN, offer_days=9, reason=WHY)
    assert said(call) == (2, ["Days to answer an offer: from 7 to 9"])


@pytest.mark.parametrize("table", [Call, Criterion])
def test_every_column_of_the_notice_has_a_name_or_is_left_out(table):
    """A column that is added belongs to the notice by itself: say in labels.py what it is called, or in snapshot.LEFT_OUT that it says nothing."""
    names = FIELDS if table is Call else WITHIN | {"code": ""}
    unnamed = [name for name in snapshot.columns(table) if name not in names]
    assert unnamed == []
