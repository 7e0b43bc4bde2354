"""Sample data: webinars planned, published and held, with attendance of varied quality; everything by our own actions."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from inspire_lms.kernel.db import session
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.kernel.programmes.queries import Member
from inspire_lms.plugins.webinar import queries
from inspire_lms.plugins.webinar.attendance import closing, importing, joining
from inspire_lms.plugins.webinar.demo_reports import Seen, report
from inspire_lms.plugins.webinar.models import Webinar
from inspire_lms.plugins.webinar.plan import actions
from inspire_lms.plugins.webinar.rules import State

MINUTE = timedelta(minutes=1)
ANNOUNCED_BEFORE = timedelta(days=20)
"""How long before the first webinar the plan is published."""
BY_REPORT = (3, 5, 8)
"""Webinars whose attendance comes from the report of a meeting tool."""
LATE = ("IT", 4)
"""One register that was closed too late."""
PHONES = {"IT": "Huawei P30", "GR": "Xiaomi Redmi Note", "RO": "Samsung SM-A515F"}
"""What the one who joins by telephone is called in reports."""
CORRECTIONS = {
    "it": "Collegata per telefono senza video; presente secondo la chat.",
    "el": "Συμμετείχε τηλεφωνικά, χωρίς εικόνα· επιβεβαιώνεται από τη συνομιλία.",
    "ro": "Conectare prin telefon, fără imagine; prezență confirmată în chat.",
}
"""Why one connection was entered by hand."""
BUSY, GONE, HALF, PHONE = 4, 9, 14, 7
"""Places, in the order of names, of those whose attendance is not plain: missed one, missed two, left early twice, by telephone."""


def hold(demo: Any) -> None:  # noqa: ANN401 (the driver of the demo)
    """Plan and publish what is not planned yet, then hold every webinar that is over at the moment of the stage."""
    for cohort in programmes.cohorts(demo.edition_id):
        if not queries.of_cohort(cohort.id):
            _announce(demo, cohort)
    for cohort in programmes.cohorts(demo.edition_id):
        for row in queries.of_cohort(cohort.id):
            if row.state == State.PUBLISHED and row.closed_at is None and row.ends_at + MINUTE < demo.now:
                _hold(demo, cohort, row)


def _announce(demo: Any, cohort: Cohort) -> None:  # noqa: ANN401
    kept = queries.plan(cohort.id)
    if kept is None:
        return
    by, cohort_id = demo.staff[cohort.country]["coordinator"], cohort.id
    at = datetime.combine(kept.first_day, datetime.min.time(), tzinfo=demo.now.tzinfo) - ANNOUNCED_BEFORE + timedelta(hours=9)
    with demo.clock(at):
        made = [each.id for each in actions.plan_from_pattern(cohort_id, by=by)]
        actions.publish(made, by=by)
    demo.work(at)


def _hold(demo: Any, cohort: Cohort, row: Any) -> None:  # noqa: ANN401
    """Let everybody come and go, and the trainer close the register."""
    chance = Random(f"{cohort.country} {row.number}")
    held = session.get_one(Webinar, row.id)
    members = _in_order(cohort.id)
    lost = {each.person_id: _lost(place, row.number, row.minutes, _slack(cohort.id), chance) for place, each in enumerate(members)}
    leaders = queries.leaders([row.id]).get(row.id, ())
    trainer = leaders[0] if leaders else demo.staff[cohort.country]["trainer"]
    _connect(demo, row, dict.fromkeys(leaders, 0), early=timedelta(minutes=12))
    if row.number in BY_REPORT:
        _import(demo, cohort, held, members=members, lost=lost, trainer=trainer)
    else:
        _connect(demo, row, lost, early=timedelta(minutes=5))
    _close(demo, cohort, row, members, trainer)


def _in_order(cohort_id: int) -> list[Member]:
    """List the trainees by name, the one whose account is printed first: nothing special happens to that one."""
    return sorted(programmes.members(cohort_id), key=lambda each: not each.email.startswith("trainee."))


def _slack(cohort_id: int) -> int:
    """Say how many minutes may be missed in all."""
    rows, kept = queries.of_cohort(cohort_id), queries.plan(cohort_id)
    scheduled = sum(each.minutes for each in rows if each.state != State.CANCELLED)
    return int(scheduled) * (100 - (kept.threshold if kept else 80)) // 100


def _lost(place: int, number: int, minutes: int, slack: int, chance: Random) -> int:
    """Say how many minutes of a webinar somebody misses; most miss a few, three are at risk."""
    few = chance.randint(0, max(1, min(6, slack // 24)))
    if place == GONE and number in {3, 5}:
        return minutes
    if place == BUSY and number == 2:  # noqa: PLR2004 (the second webinar)
        return minutes if minutes < slack * 3 // 4 else slack * 3 // 5
    if place == HALF and number in {1, 5}:
        return slack * 3 // 10
    return few


def _connect(demo: Any, row: Any, lost: Mapping[int, int], *, early: timedelta) -> None:  # noqa: ANN401
    """Let people join through the page and leave: late ones come late, and one in four drops out for a moment."""
    for place, (person_id, missing) in enumerate(lost.items()):
        if missing >= row.minutes:
            continue
        came = row.starts_at - early + MINUTE * (place % 5) if missing == 0 else row.starts_at + MINUTE * missing
        with demo.clock(came):
            joining.join(row.id, person_id)
        if place % 4 == 1:
            with demo.clock(came + 50 * MINUTE):
                joining.leave(row.id, person_id)
                joining.join(row.id, person_id)
        with demo.clock(row.ends_at - MINUTE // 60):
            joining.here(row.id, person_id)


def _import(demo: Any, cohort: Cohort, held: Webinar, *, members: list[Member], lost: Mapping[int, int], trainer: int) -> None:  # noqa: ANN401
    """Take the report of the country's meeting tool, and answer who the one with the telephone is."""
    seen = [
        Seen(
            PHONES[cohort.country] if place == PHONE and cohort.country in PHONES else each.name,
            "" if place in {PHONE, PHONE + 1} and not _has_namesake(each, members) else each.email,
            held.starts_at + MINUTE * lost[each.person_id],
            held.ends_at + MINUTE * (place % 4),
        )
        for place, each in enumerate(members)
        if lost[each.person_id] < held.minutes
    ]
    webinar_id, zone = held.id, held.zone
    with demo.clock(held.ends_at + timedelta(hours=2)):
        name, content = report(cohort.country, seen, zone)
        found = importing.waiting(importing.read(webinar_id, content, name=name, zone=zone, by=trainer).id)
        if found is not None:
            by_phone = members[PHONE].person_id if len(members) > PHONE else None
            answers = {each.participant.key: each.person_id or by_phone for each in found.matches}
            importing.confirm(found.id, answers=answers, by=trainer)


def _has_namesake(one: Member, members: list[Member]) -> bool:
    return sum(1 for each in members if each.name == one.name) > 1


def _close(demo: Any, cohort: Cohort, row: Any, members: list[Member], trainer: int) -> None:  # noqa: ANN401
    """Close the register on the next day; once too late, and once with a correction before and one after."""
    reason = CORRECTIONS.get(cohort.language, "Joined by telephone; seen in the chat.")
    days = 6 if (cohort.country, row.number) == LATE else 1
    at = min(row.ends_at + timedelta(days=days), demo.now)
    person_id = members[BUSY].person_id if len(members) > BUSY else None
    cohort_staff = demo.staff[cohort.country]
    if row.number == 4 and person_id is not None:  # noqa: PLR2004 (the fourth webinar)
        with demo.clock(at):
            closing.add_by_hand(row.id, person_id, came_at=row.starts_at, left_at=row.ends_at, reason=reason, by=trainer)
    with demo.clock(at):
        closing.close(row.id, by=trainer)
    if row.number == 1 and len(members) > HALF:
        # Came an hour late on the screen, and had listened by telephone before.
        with demo.clock(at + timedelta(hours=3)):
            closing.add_by_hand(
                row.id,
                members[HALF].person_id,
                came_at=row.starts_at,
                left_at=row.starts_at + 15 * MINUTE,
                reason=reason,
                by=cohort_staff["coordinator"],
            )


STAGES: dict[str, Callable[[Any], None]] = {"teaching": hold, "closing": hold}
