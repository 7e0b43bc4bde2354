"""What a trainee sees: so far, what is needed, and the line of webinars."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for

from inspire_lms.contracts.attendance import Share
from inspire_lms.contracts.pages import AgendaEntries, AgendaEntry, HomePart, NextThing, NextThings, PathParts, PersonParts
from inspire_lms.kernel import charts, clock, i18n
from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.charts import Chart
from inspire_lms.kernel.errors import Message, counted
from inspire_lms.plugins.webinar import queries, rules
from inspire_lms.plugins.webinar.attendance.shares import share_of
from inspire_lms.plugins.webinar.attendance.tables import FULL, STANDINGS, mark
from inspire_lms.plugins.webinar.opening import close_within, opens
from inspire_lms.plugins.webinar.queries import Mine
from inspire_lms.plugins.webinar.rules import Phase, State

SOON = timedelta(days=14)
"""How far ahead the next webinar is worth a mention among the things to do."""
ORDER = 20
"""Of our part on the own path."""


@dataclass(frozen=True)
class OnLine:
    """One webinar on the line."""

    one: Mine
    place: str
    """past, half, missed, now or next-up."""
    when: tuple[str, str]
    status: tuple[str, Message] | None
    can_join: bool


def path_parts(asked: PathParts) -> tuple[HomePart, ...]:
    """Show a trainee's attendance and webinars."""
    own = tuple(each for each in queries.mine(asked.person_id) if each.cohort_id == asked.cohort_id)
    return (HomePart(ORDER, "webinar/path.html", path(own)),) if any(each.is_trainee for each in own) else ()


def path(own: tuple[Mine, ...]) -> dict[str, object]:
    """Say everything that the part shows, for the webinars of one cohort."""
    share = share_of(own)
    told = STANDINGS[rules.standing(share)]
    return {
        "share": share,
        "standing": told if share.scheduled else None,
        "so_far": rules.so_far(share),
        "chart": chart(share, own) if share.scheduled else None,
        "line": line(queries.announced(own)),
        "note": counted(
            "For the certificate: at least {percent}% of the {n} minute.",
            "For the certificate: at least {percent}% of the {n} minutes.",
            n=share.scheduled,
            percent=share.threshold,
        ),
    }


def chart(share: Share, own: tuple[Mine, ...]) -> Chart:
    """Draw what is reached, what can still be reached, and the threshold; the table lists the webinars."""
    closed = [each for each in own if each.state != State.CANCELLED]
    rows = [
        (f"{each.number}. {each.title.text()}", "–" if each.closed_at is None else str(each.present or 0), str(each.minutes))
        for each in sorted(closed, key=lambda one: one.number)
    ]
    return charts.threshold(
        (share.minutes, i18n._("present: {n} min", n=share.minutes)),
        (share.reachable, i18n._("at most {n}", n=share.reachable) if share.reachable > share.minutes else ""),
        (share.needed, i18n._("threshold: {n}", n=share.needed)),
        (share.scheduled, i18n._("{n} min", n=share.scheduled)),
        title=i18n._("Attendance so far against the threshold"),
        sentence="",
        heads=(i18n._("Webinar"), i18n._("Minutes present"), i18n._("Minutes in all")),
        rows=[*rows, (i18n._("So far"), str(share.minutes), str(share.held))],
    )


def line(webinars: tuple[Mine, ...]) -> list[OnLine]:
    """Put webinars on the line, in order of time."""
    return [_on_line(each) for each in webinars]


def _on_line(one: Mine) -> OnLine:
    now = clock.now()
    phase = rules.phase(one.state, one.starts_at, one.ends_at, opens=opens(), at=now)
    clocks = f"{i18n.when(one.starts_at, one.zone, 'time')}–{i18n.when(one.ends_at, one.zone, 'time')}"
    place, status = _state(one, phase)
    return OnLine(one, place, (i18n.when(one.starts_at, one.zone, "day"), clocks), status, phase is Phase.OPEN)


def _state(one: Mine, phase: Phase) -> tuple[str, tuple[str, Message] | None]:
    if phase is Phase.CANCELLED:
        return "missed", ("bad", Message("Cancelled"))
    if phase is Phase.OPEN:
        return "now", ("now", Message("Now"))
    if phase is Phase.TO_COME:
        return "next-up", None
    if one.closed_at is None:
        return "past", ("wait", Message("The register is not closed yet"))
    if one.present is None:
        return "past", None
    percent = one.present * 100 // one.minutes
    words = Message("Present: {n} of {minutes} min ({percent}%)", n=one.present, minutes=one.minutes, percent=percent)
    return ("past" if percent >= FULL else "half" if percent else "missed"), (mark(percent), words)


def person_parts(asked: PersonParts) -> tuple[HomePart, ...]:
    """Show those who lead webinars what they lead next."""
    led = [each for each in queries.announced(queries.mine(asked.person_id)) if each.leads and each.ends_at > clock.now()]
    return (HomePart(ORDER, "webinar/led.html", {"line": line(tuple(led))}),) if led else ()


def next_things(asked: NextThings) -> tuple[NextThing, ...]:
    """Say what a person should do: join, look forward, close a register."""
    own = queries.announced(queries.mine(asked.person_id))
    now = clock.now()
    found = [_to_join(each) for each in own if (each.is_trainee or each.leads) and _is_next(each, now)]
    found = sorted(found, key=lambda each: (each.urgency, each.until or now))[:1]
    return (*found, *(_to_close(each) for each in own if each.leads and _is_open_register(each, now)))


def _is_next(one: Mine, now: datetime) -> bool:
    return one.state == State.PUBLISHED and one.ends_at > now and one.starts_at - now < SOON


def _is_open_register(one: Mine, now: datetime) -> bool:
    return one.state == State.PUBLISHED and one.ends_at <= now and one.closed_at is None


def _to_join(one: Mine) -> NextThing:
    is_open = rules.phase(one.state, one.starts_at, one.ends_at, opens=opens(), at=clock.now()) is Phase.OPEN
    heading = i18n._("Webinar {number}: {title}", number=one.number, title=one.title)
    when = i18n.when(one.starts_at, one.zone)
    text = i18n._("{when}. Join through its page: that is how your attendance is recorded.", when=when)
    button = i18n._("Join the webinar") if is_open else i18n._("See the webinar")
    return NextThing(
        heading,
        text,
        button,
        url_for("webinar.show", webinar_id=one.id),
        one.starts_at if not is_open else one.ends_at,
        0 if is_open else 2,
        zone=one.zone,
    )


def _to_close(one: Mine) -> NextThing:
    until = one.ends_at + close_within()
    return NextThing(
        i18n._("Close the register of webinar {number}", number=one.number),
        i18n._("Check who was there, import the report of the meeting tool if there is one, then close it."),
        i18n._("Open the register"),
        url_for("webinar.attendance_register", webinar_id=one.id),
        until,
        1,
        zone=one.zone,
    )


def agenda(asked: AgendaEntries) -> tuple[AgendaEntry, ...]:
    """Give the webinars of a cohort with their dates; cancelled ones are left out."""
    own = queries.mine(asked.person_id)
    if not any(each.cohort_id == asked.cohort_id for each in own) and asked.cohort_id in access.cohort_ids_where(
        asked.person_id, "webinar:attend"
    ):
        own = queries.select_mine(asked.person_id, [asked.cohort_id])
    return tuple(
        AgendaEntry(
            each.starts_at,
            each.ends_at,
            i18n._("Webinar {number}: {title}", number=each.number, title=each.title),
            url_for("webinar.show", webinar_id=each.id),
        )
        for each in queries.announced(own)
        if each.cohort_id == asked.cohort_id and each.state == State.PUBLISHED
    )
