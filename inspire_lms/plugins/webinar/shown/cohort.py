"""What a cohort's attendance says to the coordinator: figures, tasks, the entry of the menu."""

from decimal import Decimal

from flask import url_for

from inspire_lms.contracts.attendance import AttendanceShares, WebinarDate, WebinarDates
from inspire_lms.contracts.pages import CohortFigures, CohortTasks, Figure, MenuEntries, MenuEntry, NextThing
from inspire_lms.kernel import bus, clock, i18n
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.web.guard import allowed
from inspire_lms.plugins.webinar import queries, rules
from inspire_lms.plugins.webinar.opening import close_within
from inspire_lms.plugins.webinar.rules import State

ATTENDANCE_AIM, DROP_OUT_AIM, CLOSED_AIM = Decimal(85), Decimal(15), Decimal(95)
"""Per cent; domain.md 9.5: attendance at least, drop-out at most, registers closed in time at least."""


def menu(asked: MenuEntries) -> tuple[MenuEntry, ...]:
    """Offer the webinars to whoever takes part somewhere."""
    if asked.person_id is None or not allowed("webinar:attend"):
        return ()
    return (MenuEntry(20, i18n._("Webinars"), url_for("webinar.mine")),)


def dates(asked: WebinarDates) -> tuple[WebinarDate, ...]:
    """Give the dates of the webinars that were published and not cancelled."""
    return tuple(WebinarDate(each.title.text(), each.starts_at, each.ends_at) for each in queries.dates(asked.cohort_id))


def figures(asked: CohortFigures) -> tuple[Figure, ...]:
    """Say how attendance stands: who attends, how much, who has gone, whether registers are closed in time."""
    shares = bus.ask(AttendanceShares(asked.cohort_id), {})
    href = url_for("webinar.attendance", cohort_id=asked.cohort_id)
    held, closed, in_time = _registers(asked.cohort_id)
    gone = _gone_after_the_first(asked.cohort_id)
    attending = sum(1 for each in shares.values() if rules.standing(each) != "out")
    minutes, whole = sum(each.minutes for each in shares.values()), sum(each.held for each in shares.values())
    note = i18n._("Has reached the threshold or can still reach it.")
    return (
        Figure(
            "attending", 45, "funnel", i18n._("Attending"), Decimal(attending) if closed else None, "people", None, href=href, note=note
        ),
        Figure("attendance", 40, "kpi", i18n._("Attendance"), _percent(minutes, whole), "percent", ATTENDANCE_AIM, href=href),
        Figure(
            "drop-out",
            41,
            "kpi",
            i18n._("Withdrawn after the first webinar"),
            _percent(gone, len(shares) + gone) if closed else None,
            "percent",
            DROP_OUT_AIM,
            target_is_maximum=True,
            href=href,
        ),
        Figure(
            "registers-in-time",
            42,
            "kpi",
            i18n._("Registers closed in time"),
            _percent(in_time, held),
            "percent",
            CLOSED_AIM,
            href=href,
            note=i18n.ngettext("Within {n} day after the webinar.", "Within {n} days after the webinar.", close_within().days),
        ),
    )


def _percent(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1")) if whole else None


def _registers(cohort_id: int) -> tuple[int, int, int]:
    """Count the webinars that should have a closed register by now, those that have one, and those closed in time."""
    now, days = clock.now(), close_within()
    over = [each for each in queries.outline(cohort_id).webinars if each.state == State.PUBLISHED and each.ends_at <= now]
    due = [each for each in over if each.closed_at or now > each.ends_at + days]
    closed = [each.closed_at - each.ends_at for each in due if each.closed_at]
    return len(due), len(closed), sum(1 for taken in closed if taken <= days)


def _gone_after_the_first(cohort_id: int) -> int:
    first = min((each.starts_at for each in queries.outline(cohort_id).webinars if each.state == State.PUBLISHED), default=None)
    return 0 if first is None else sum(1 for until in programmes.withdrawals(cohort_id).values() if until >= first)


def tasks(asked: CohortTasks) -> tuple[NextThing, ...]:
    """Say what waits for the coordinator: a plan to make or to publish, meetings without address or trainer, registers that are late."""
    every, now = queries.outline(asked.cohort_id).webinars, clock.now()
    coming = [each for each in every if each.state == State.PUBLISHED and each.ends_at > now]
    planned = sum(1 for each in every if each.state == State.PLANNED)
    without_link = sum(1 for each in coming if not each.has_link)
    without_leader = sum(1 for each in coming if not each.has_leader)
    found = []
    if not every and queries.plan(asked.cohort_id):
        found.append(
            _task(
                asked,
                i18n._("Plan the webinars"),
                i18n._("The edition gives a pattern; what speaks against a date is shown before anybody is told."),
            )
        )
    if planned:
        found.append(
            _task(
                asked,
                i18n.ngettext("Publish {n} planned webinar", "Publish {n} planned webinars", planned),
                i18n._("Nobody knows of them yet."),
            )
        )
    if without_link:
        heading = i18n.ngettext("{n} webinar has no meeting address", "{n} webinars have no meeting address", without_link)
        found.append(_task(asked, heading, i18n._("Without it nobody can join.")))
    if without_leader:
        heading = i18n.ngettext("{n} webinar has nobody to lead it", "{n} webinars have nobody to lead them", without_leader)
        found.append(_task(asked, heading, i18n._("Choose a trainer in the plan.")))
    return (*found, *_late(asked.cohort_id))


def _late(cohort_id: int) -> tuple[NextThing, ...]:
    """Name the webinars that are over and whose register should be closed."""
    now, days = clock.now(), close_within()
    open_ones = [each for each in queries.outline(cohort_id).webinars if each.state == State.PUBLISHED and not each.closed_at]
    return tuple(
        NextThing(
            i18n._("The register of webinar {number} is late", number=each.number),
            i18n._("The trainees do not know where they stand."),
            i18n._("Open the register"),
            url_for("webinar.attendance_register", webinar_id=each.id),
            each.ends_at + days,
            1,
        )
        for each in open_ones
        if each.ends_at + days < now
    )


def _task(asked: CohortTasks, heading: str, text: str) -> NextThing:
    return NextThing(heading, text, i18n._("Open the plan"), url_for("webinar.plan", cohort_id=asked.cohort_id), None, 1)
