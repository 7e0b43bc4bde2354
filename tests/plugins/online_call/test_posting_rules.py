"""Which letters may wait, what makes one untrue, and when something is announced."""

import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from inspire_lms.plugins.online_call.posting import rules, terms
from inspire_lms.plugins.online_call.posting.kinds import KINDS, kind_of
from inspire_lms.plugins.online_call.posting.rules import About, Announced, To
from inspire_lms.plugins.online_call.rules import Standing, State

AT = datetime(2027, 1, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PLUGIN = Path(rules.__file__).parents[1]


def test_only_letters_without_a_deadline_and_without_a_deed_of_the_applicant_may_wait():
    assert [each.code for each in KINDS.values() if each.why_at_once is None] == [
        "not-eligible", "eligible", "reserve", "reserve-ended", "unsuitable", "correction-corrected", "announcement",
    ]  # fmt: skip


def test_a_letter_of_a_kind_that_is_not_declared_is_not_written():
    assert kind_of("online_call.not-eligible:20261201:4").code == "not-eligible"
    with pytest.raises(KeyError, match="declares no letter “birthday”"):
        kind_of("online_call.birthday:4")


def test_every_kind_that_is_declared_is_written_somewhere():
    texts = "\n".join(path.read_text(encoding="utf-8") for path in PLUGIN.rglob("letters.py")) + (PLUGIN / "posting/announcing.py").read_text(encoding="utf-8")
    found = set(re.findall(r'key=f?"(?:online_call\.)?([a-z-]+)[:"]', texts))
    found |= {f"appeal-{each}" for each in found} | {f"correction-{each}" for each in found} | {"draft-reminder"}
    found |= {f"override-{each}" for each in ("proposed", "answered")} | {f"authorisation-{each}" for each in ("given", "refused", "expired")}
    assert set(KINDS) - found - {"authorise"} == set()


@pytest.mark.parametrize(
    ("kind", "state", "standing", "reason"),
    [
        ("not-eligible", State.NOT_ELIGIBLE, None, None),
        ("not-eligible", State.ELIGIBLE, None, rules.DECIDED_ANEW),
        ("not-eligible", State.WITHDRAWN, None, rules.WITHDRAWN),
        ("not-eligible", None, None, rules.GONE),
        ("eligible", State.ELIGIBLE, None, None),
        ("eligible", State.NOT_ELIGIBLE, None, rules.DECIDED_ANEW),
        ("eligible", State.ELIGIBLE, Standing.RESERVE, rules.RANKED),
        ("reserve", State.ELIGIBLE, Standing.RESERVE, None),
        ("reserve", State.ELIGIBLE, Standing.OFFERED, rules.OFF_THE_LIST),
        ("reserve", State.WITHDRAWN, Standing.WITHDRAWN, rules.WITHDRAWN),
        ("reserve-ended", State.ELIGIBLE, Standing.RESERVE, rules.LIST_GOES_ON),
        ("reserve-ended", State.ELIGIBLE, Standing.OFFERED, rules.OFF_THE_LIST),
        ("unsuitable", State.ELIGIBLE, Standing.UNSUITABLE, None),
        ("unsuitable", State.ELIGIBLE, Standing.RESERVE, rules.DECIDED_ANEW),
    ],
)
def test_a_letter_goes_only_while_it_is_true(kind, state, standing, reason):
    assert rules.why_untrue(kind, About(state, standing, AT + DAY), None, at=AT) == reason


def test_after_its_end_nobody_is_told_of_the_reserve_list():
    about = About(State.ELIGIBLE, Standing.RESERVE, AT)
    assert [rules.why_untrue("reserve", about, None, at=at) for at in (AT, AT + DAY)] == [None, rules.LIST_OVER]


@pytest.mark.parametrize(
    ("to", "state", "standing", "reason"),
    [
        (To.DRAFTS, State.DRAFT, None, None),
        (To.DRAFTS, State.SUBMITTED, None, rules.OTHER_GROUP),
        (To.SUBMITTED, State.ELIGIBLE, None, None),
        (To.SUBMITTED, State.NOT_ELIGIBLE, None, rules.OTHER_GROUP),
        (To.ELIGIBLE, State.ELIGIBLE, Standing.LAPSED, None),
        (To.RESERVE, State.ELIGIBLE, Standing.RESERVE, None),
        (To.RESERVE, State.ELIGIBLE, None, rules.OTHER_GROUP),
        (To.OFFERED, State.ELIGIBLE, Standing.ACCEPTED, rules.OTHER_GROUP),
        (To.ACCEPTED, State.ELIGIBLE, Standing.ACCEPTED, None),
    ],
)
def test_an_announcement_is_for_those_who_are_still_meant(to, state, standing, reason):
    announced = Announced(to, AT - DAY, AT + DAY)
    assert rules.why_untrue("announcement", About(state, standing, AT), announced, at=AT) == reason


@pytest.mark.parametrize(
    ("due_at", "of_at", "reason"),
    [(AT - DAY, AT + DAY, None), (AT - DAY, AT, rules.IS_OVER), (AT, AT - DAY, None)],
    ids=["announced beforehand", "it has come meanwhile", "told afterwards"],
)
def test_what_is_over_is_not_announced_any_more(due_at, of_at, reason):
    about = About(State.DRAFT, None, AT)
    assert rules.why_untrue("announcement", about, Announced(To.DRAFTS, due_at, of_at), at=AT) == reason
    assert rules.why_untrue("announcement", about, None, at=AT) == rules.NO_MESSAGE


@pytest.mark.parametrize(
    ("of", "days", "due_at"),
    [
        (datetime(2026, 12, 11, 11, tzinfo=UTC), -3, datetime(2026, 12, 8, 7, tzinfo=UTC)),
        (datetime(2026, 10, 26, 11, tzinfo=UTC), -1, datetime(2026, 10, 25, 7, tzinfo=UTC)),
        (datetime(2026, 10, 26, 11, tzinfo=UTC), -2, datetime(2026, 10, 24, 6, tzinfo=UTC)),
        (date(2026, 12, 18), 0, datetime(2026, 12, 18, 7, tzinfo=UTC)),
        (datetime(2026, 12, 11, 23, tzinfo=UTC), 1, datetime(2026, 12, 13, 7, tzinfo=UTC)),
    ],
    ids=["winter", "the day after the change of time", "the day before it", "a day", "midnight has passed in Athens"],
)
def test_days_are_those_of_the_country_and_so_is_the_hour(of, days, due_at):
    assert rules.due(of, zone="Europe/Athens", days=days, clock=time(9)) == due_at


def test_a_day_is_over_at_its_end_in_the_country():
    assert rules.end_of(date(2026, 12, 18), zone="Europe/Athens") == datetime(2026, 12, 18, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("loaded_at", "at", "is_due"),
    [
        (AT - DAY, AT - timedelta(seconds=1), False),
        (AT - DAY, AT, True),
        (AT - DAY, AT + DAY - timedelta(seconds=1), True),
        (AT - DAY, AT + DAY, False),
        (AT + timedelta(seconds=1), AT + timedelta(seconds=2), False),
    ],
    ids=["before", "at its moment", "hours later", "a day too late", "loaded afterwards"],
)
def test_something_is_announced_at_its_moment_or_not_at_all(loaded_at, at, is_due):
    assert rules.is_due(AT, AT + 9 * DAY, loaded_at, at=at) is is_due
    assert not rules.is_due(AT, AT + timedelta(seconds=1), loaded_at, at=AT + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("words", "missing"),
    [({}, []), ({"el": "", "en": ""}, []), ({"el": "Α", "en": "A"}, []), ({"en": "A"}, ["el"]), ({"ro": "A"}, ["el", "en"])],
)
def test_a_paragraph_is_there_in_every_language_or_in_none(words, missing):
    assert rules.unsaid(words, ["el", "en"]) == missing


def test_an_empty_line_parts_paragraphs():
    assert rules.paragraphs("One\nline. \n \n\n Two.\n") == ["One line.", "Two."]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{number} by {deadline}, {{so}}", None),
        ("{name} applied", "“name” may not stand in braces here; what may is {number}, {deadline}."),
        ("{number!r}", "“number” may not stand in braces here; what may is {number}, {deadline}."),
        ("{number.__class__}", "“number.__class__” may not stand in braces here; what may is {number}, {deadline}."),
        ("{number:>900000}", "“number” may not stand in braces here; what may is {number}, {deadline}."),
        ("{", "A brace is open or closed alone; in braces may stand {number}, {deadline}."),
        ("so }", "A brace is open or closed alone; in braces may stand {number}, {deadline}."),
    ],
)
def test_only_what_is_known_can_be_filled_in(text, why):
    reason = terms.why_not_fill(text, ["number", "deadline"])
    assert (str(reason) if reason else None) == why
