"""What an edition file announces is written to those it is for, once, at its moment, and never afterwards."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select

from inspire_lms.kernel import clock, jobs
from inspire_lms.kernel.db import session
from inspire_lms.kernel.mail import Mail
from inspire_lms.plugins.online_call.applying import actions as applying
from inspire_lms.plugins.online_call.applying import opening
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.posting import actions, announcing, queries
from inspire_lms.plugins.online_call.posting.models import Message
from inspire_lms.plugins.online_call.posting.queries import Chosen
from inspire_lms.plugins.online_call.posting.rules import To
from tests.builders import a_person, words
from tests.plugins.online_call.builders import CLOSES, OPEN, OPENS, a_call, a_draft, a_part, an_announcement, an_application, committee
from tests.plugins.online_call.test_opening import FILE, read_file

pytestmark = pytest.mark.usefixtures("app")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
DUE = datetime(2026, 12, 8, 8, tzinfo=UTC)
"""Three days before CLOSES, at nine in Rome."""


LATER = words("A week more for everybody.")


def loaded(*messages, at=OPENS, **but):
    with clock.frozen(at):
        return a_call(messages=messages, **but)


def load_again(call, *messages, at, **but):
    with clock.frozen(at):
        opening.load(call.cohort.edition_id, {call.cohort.country: a_part(messages=messages, **but)}, None)


def work(at):
    """What the worker does in a minute."""
    with clock.frozen(at):
        announcing.announce_due()
        jobs.run_due()
    session.rollback()


def announced():
    """Language, state, subject and the text without greeting and foot of each letter."""
    chosen = select(Mail).where(Mail.key.like("online_call.announcement:%")).order_by(Mail.id)
    return [(each.language, each.state, each.subject, each.text.split("\n\n")[1:3]) for each in session.scalars(chosen)]


@pytest.mark.both_engines
def test_those_with_a_draft_are_reminded_in_their_language_once_at_the_hour_of_the_country():
    call = loaded(an_announcement())
    a_draft(call, a_person(language="it"))
    a_draft(call, a_person(language="el"))
    an_application(call)
    work(DUE - MINUTE)
    assert announced() == []
    work(DUE)
    a_draft(call, a_person(language="ro"), at=DUE)
    work(DUE + MINUTE)
    assert announced() == [
        ("it", "kept", "It closes on venerdì 11 dicembre 2026, ore 12:00 (ora di Roma, CET) (it)", ["Your draft for “Call for applications (it)” is not submitted.", "Write to call@inspire.example. (it)"]),
        ("el", "kept", "It closes on Παρασκευή 11 Δεκεμβρίου 2026, 12:00 (ώρα Ιταλίας, CET) (el)", ["Your draft for “Call for applications (el)” is not submitted.", "Write to call@inspire.example. (el)"]),
    ]  # fmt: skip
    assert session.scalars(select(Message)).one().written_at == DUE


def test_more_than_a_batch_is_written_in_several(monkeypatch):
    monkeypatch.setattr(announcing, "BATCH", 2)
    call = loaded(an_announcement())
    for _number in range(5):
        a_draft(call)
    work(DUE)
    assert len(announced()) == 5


@pytest.mark.parametrize("at", [DUE + MINUTE, DUE + DAY], ids=["loaded a minute too late", "loaded in time, and the worker came a day late"])
def test_what_would_come_too_late_is_never_written(at):
    call = loaded(an_announcement(), at=at if at == DUE + MINUTE else OPENS)
    a_draft(call)
    work(at)
    work(at + MINUTE)
    assert announced() == []


def test_a_date_that_is_moved_moves_its_announcement_and_who_has_one_gets_no_second():
    call = loaded(an_announcement())
    first = a_draft(call)
    work(DUE)
    second = a_draft(call, at=DUE + MINUTE)
    load_again(call, an_announcement(), closes_at=CLOSES + 7 * DAY, checked_by=date(2026, 12, 23), reason=LATER, at=DUE + MINUTE)
    work(DUE + DAY)
    assert len(announced()) == 1
    work(DUE + 7 * DAY)
    people = session.scalars(select(Mail.to_person).where(Mail.key.like("online_call.announcement:%")).order_by(Mail.id)).all()
    assert people == [first.person_id, second.person_id]


def test_a_file_that_is_loaded_again_or_without_an_announcement():
    call = loaded(an_announcement(), an_announcement(code="other", days=-2))
    a_draft(call)
    load_again(call, an_announcement(), at=DUE - MINUTE)
    work(DUE)
    assert len(announced()) == 1
    load_again(call, an_announcement(subject=words("Other")), at=DUE + MINUTE)
    work(DUE + 2 * MINUTE)
    work(DUE + DAY)
    assert (len(announced()), len(session.scalars(select(Message)).all())) == (1, 1)


def test_an_announcement_that_waits_goes_only_to_those_who_still_have_a_draft():
    call = loaded(an_announcement())
    coordinator, stays, submits = committee(call)[2], a_draft(call), a_draft(call)
    call_id, number, person_id, other = call.id, submits.id, submits.person_id, stays.person_id
    with clock.frozen(OPEN):
        actions.let_wait(call_id, is_closed=True, by=coordinator.id)
    work(DUE)
    assert [state for _language, state, *_rest in announced()] == ["held", "held"]
    with clock.frozen(DUE + MINUTE):
        applying.submit(number, by=person_id)
        found = queries.waiting(session.get(Call, call_id), Chosen(), at=DUE + MINUTE)
    assert [[row.to_person for row in found.letters], [(row.to_person, str(why)) for row, why in found.untrue]] == [
        [other],
        [(person_id, "The applicant is no longer among those for whom it was written.")],
    ]
    with clock.frozen(CLOSES):
        actions.drop_untrue()
    session.rollback()
    assert [state for _language, state, *_rest in announced()] == ["dropped", "dropped"]


def test_it_is_counted_for_whom_something_would_be_announced_now():
    call = loaded(an_announcement())
    a_draft(call)
    an_application(call)
    assert queries.numbers_in_groups(call.id, sorted(To)) == {
        "drafts": 1, "submitted": 1, "eligible": 0, "reserve": 0, "offered": 0, "accepted": 0,
    }  # fmt: skip
    assert queries.numbers_in_groups(call.id, []) == {}


MESSAGE = """
[[call.message]]
code = "soon"
when = { days = -3, of = "closes" }
at = 09:00:00
to = "drafts"
subject = { en = "It closes on {deadline}" }
text = { en = "Your draft is not submitted." }
"""


def test_an_announcement_is_read_from_the_edition_file():
    part, mistakes = read_file(FILE + MESSAGE)
    assert mistakes == []
    assert part.messages == (
        an_announcement(at=time(9), subject={"en": "It closes on {deadline}"}, text={"en": "Your draft is not submitted."}),
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "mistake"),
    [
        ("{deadline}", "{name}", 6, "“name” may not stand in braces here; what may is {title}, {deadline}, {contact}."),
        ("{deadline}", "{number}", 6, "“number” may not stand in braces here; what may is {title}, {deadline}, {contact}."),
        ("not submitted", "{not submitted", 7, "A brace is open or closed alone; in braces may stand {title}, {deadline}, {contact}."),
        ("-3", "-61", 3, "“days” lies between -60 and 60."),
        ('"closes"', '"begins"', 3, None),
        ('"drafts"', '"everybody"', 5, None),
        (MESSAGE, MESSAGE + MESSAGE, None, "The code “soon” stands twice."),
    ],
)
def test_what_cannot_be_announced_is_said_with_its_line(old, new, line, mistake):
    before = FILE.count("\n") + 1
    _part, [said] = read_file(FILE + MESSAGE.replace(old, new))
    if line is not None:
        assert f"{before + line}" in said
    assert (mistake or "") in said
