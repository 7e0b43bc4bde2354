"""Dates of a call that contradict each other are mistakes of the edition file, said at their keys."""

import pytest

from tests.plugins.online_call.test_opening import FILE, read_file

MESSAGE = """[[call.message]]
code = "soon"
when = {{ days = {days}, of = "{of}" }}
at = {at}
to = "{to}"
subject = {{ en = "Soon" }}
text = {{ en = "It is soon." }}
"""
PHASE = """[[call.phase]]
code = "marking"
title = {{ en = "Marking" }}
from = {begins}
"""


def mistakes(keys="", tables="", but=()):
    """What is wrong with the file when *keys* are added to the call, and *tables* below it."""
    text = FILE.replace("offer_days = 7\n", f"offer_days = 7\n{keys}\n", 1).replace("[[call.criterion]]", f"{tables}[[call.criterion]]", 1)
    for old, new in but:
        assert old in text
        text = text.replace(old, new, 1)
    return read_file(text, zone="Europe/Rome")[1]


@pytest.mark.parametrize(
    ("keys", "but", "mistake"),
    [
        ("remind_hours = 167", (), None),
        ("remind_hours = 168", (), "“remind_hours” (168) is not less than the hours of “offer_days” (168)"),
        ("", [("offer_days = 7", "offer_days = 3")], None),
        ("", [("offer_days = 7", "offer_days = 2")], "“remind_hours” (48) is not less than the hours of “offer_days” (48)"),
        ("draft_remind_hours = 240", (), None),
        # From 9 o'clock of the first day to noon of the second it is 51 hours.
        ("draft_remind_hours = 50", [("opens = 2026-11-16T09:00:00", "opens = 2026-12-09T09:00:00")], None),
        ("draft_remind_hours = 51", [("opens = 2026-11-16T09:00:00", "opens = 2026-12-09T09:00:00")], "“draft_remind_hours” (51) reaches back to “opens”"),
        ("public_until = 2027-01-15", (), None),
        ("public_until = 2027-01-14", (), "“public_until” lies before “ranked_by”."),
        # 21 to 23 December, 24 and 28 to 31: the 25th is Christmas, the 26th a Saturday and Santo Stefano.
        ("appeal_days = 8", [("ranked_by = 2027-01-15", "ranked_by = 2026-12-31")], None),
        ("appeal_days = 8", [("ranked_by = 2027-01-15", "ranked_by = 2026-12-30")], "one may appeal until 2026-12-31, after “ranked_by”"),
        ("appeal_days = 0", [("ranked_by = 2027-01-15", "ranked_by = 2026-12-18")], None),
        ("appeal_days = 1", [("ranked_by = 2027-01-15", "ranked_by = 2026-12-18")], "take fewer “appeal_days”, or a later “ranked_by”"),
    ],
)
def test_hours_and_days_leave_room_for_what_they_hold(keys, but, mistake):
    found = mistakes(keys, but=but)
    assert len(found) == (mistake is not None), found
    assert mistake is None or mistake in found[0]


@pytest.mark.parametrize(
    ("begins", "mistake"),
    [
        ("2026-12-11T12:00:00", None),
        ("2026-12-11T11:59:59", "“from” lies before “closes”."),
        ("2027-01-15T23:59:59", None),
        ("2027-01-16T00:00:00", "“ranked_by” lies before “from”."),
    ],
)
def test_evaluations_lie_between_the_closing_and_the_last_day_for_the_offers(begins, mistake):
    found = mistakes(tables=PHASE.format(begins=begins))
    assert len(found) == (mistake is not None), found
    assert mistake is None or mistake in found[0]


@pytest.mark.parametrize(
    ("days", "of", "at", "to", "is_refused"),
    [
        (-3, "closes", "09:00:00", "drafts", False),
        (0, "closes", "11:59:59", "drafts", False),
        (0, "closes", "12:00:00", "drafts", True),
        (1, "ranked_by", "09:00:00", "drafts", True),
        (0, "opens", "09:00:00", "drafts", True),
        (0, "opens", "09:00:01", "submitted", False),
        (-1, "opens", "09:00:00", "submitted", True),
        (0, "closes", "12:00:00", "eligible", True),
        (0, "closes", "12:00:01", "eligible", False),
        (-7, "ranked_by", "09:00:00", "eligible", False),
        (-1, "closes", "09:00:00", "reserve", True),
        (1, "reserve_until", "09:00:00", "reserve", False),
        (-60, "checked_by", "09:00:00", "offered", True),
        (3, "ranked_by", "09:00:00", "accepted", False),
    ],
)
def test_nothing_is_announced_to_a_group_in_which_nobody_can_be(days, of, at, to, is_refused):
    found = mistakes(tables=MESSAGE.format(days=days, of=of, at=at, to=to))
    assert len(found) == is_refused, found
    assert not is_refused or f"nobody can belong to “{to}”: choose another date or another group." in found[0]


def test_what_could_not_be_read_is_not_said_to_lie_before_something():
    found = mistakes("public_until = 7\nappeal_days = 31", tables=PHASE.format(begins='"soon"') + MESSAGE.format(days=99, of="closes", at="09:00:00", to="drafts"))
    assert len(found) == 4, found
    assert not any("lies before" in said or "nobody can belong" in said or "one may appeal" in said for said in found)
