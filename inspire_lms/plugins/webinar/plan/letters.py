"""What people are told about a webinar: one invitation for each webinar and person, which calendars understand."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import current_app

from inspire_lms.contracts.attendance import Share
from inspire_lms.kernel import i18n, mail
from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message, NotThere, When, counted
from inspire_lms.plugins.webinar import calendar, queries, rules
from inspire_lms.plugins.webinar.calendar import Entry, Mailbox
from inspire_lms.plugins.webinar.models import Webinar
from inspire_lms.plugins.webinar.plan.queries import guests
from inspire_lms.plugins.webinar.rules import State

SENDER = "INSPIRE PA"


@dataclass(frozen=True)
class Told:
    """What an entry is made of, from a row or an object."""

    id: int
    number: int
    title: Words
    wall_clock: str
    zone: str
    minutes: int
    uid: str
    sequence: int
    changed_at: datetime
    is_cancelled: bool
    reason: str
    leaders: tuple[str, ...]


def told(held: Webinar, names: Iterable[str]) -> Told:
    """Take from a webinar what its calendar entry says."""
    return Told(
        id=held.id,
        number=held.number,
        title=held.title,
        wall_clock=held.wall_clock,
        zone=held.zone,
        minutes=held.minutes,
        uid=held.uid,
        sequence=held.sequence,
        changed_at=held.changed_at,
        is_cancelled=held.state == State.CANCELLED,
        reason=held.reason,
        leaders=tuple(names),
    )


def entry(one: Told) -> Entry:
    """Write the calendar entry in the language that is spoken now. It leads to our page, where joining is recorded."""
    page = mail.link("webinar.show", webinar_id=one.id)
    lines = [i18n._("With {names}", names=", ".join(one.leaders))] if one.leaders else []
    if one.is_cancelled:
        lines.append(i18n._("This webinar does not take place."))
        lines += [one.reason] if one.reason else []
    else:
        lines.append(i18n._("Join through this page; that is how your attendance is recorded: {address}", address=page))
    return Entry(
        uid=one.uid,
        sequence=one.sequence,
        local=datetime.fromisoformat(one.wall_clock),
        zone=one.zone,
        minutes=one.minutes,
        summary=i18n._("Webinar {number}: {title}", number=one.number, title=one.title),
        description="\n".join(lines),
        location=i18n._("Online, INSPIRE PA"),
        address=page,
        changed_at=one.changed_at,
        is_cancelled=one.is_cancelled,
    )


def invite(held: Webinar, person_id: int, *, names: Iterable[str], moved: bool = False, out: bool = False) -> None:
    """Write to one person; *out* takes the webinar out of that person's calendar although it takes place.

    Nobody is written to twice about the same state of a webinar, nor when the account was erased.
    """
    what = told(held, names)
    if out:
        what = replace(what, is_cancelled=True, sequence=held.sequence + 1, reason="")
    key = f"webinar:{held.id}:{what.sequence}:{person_id}{':out' if out else ''}"
    subject, lines = _words(held, moved=moved, out=out)
    try:
        letter = mail.letter_to(person_id, key=key, subject=subject, lines=lines, zone=held.zone)
    except NotThere:
        return
    with i18n.speaking(letter.language, held.zone):
        written = entry(what)
    sender = Mailbox(SENDER, str(current_app.config["INSPIRE"].mail_sender))
    mail.queue(
        replace(
            letter,
            facts=() if written.is_cancelled else _facts(held, what.leaders),
            button=None if out else (Message("Open the page of the webinar"), written.address),
            calendar=calendar.invitation(written, sender, Mailbox(letter.to_name, letter.to_address)),
            calendar_method=calendar.method(written),
        )
    )


def invite_all(held: Webinar, *, moved: bool, removed: Iterable[int] = ()) -> None:
    """Write to everybody who is invited, and to those who lead it no longer."""
    names = queries.names_of_leaders([held.id]).get(held.id, ())
    for person_id in guests(held.id, held.cohort_id):
        invite(held, person_id, names=names, moved=moved)
    for person_id in removed:
        invite(held, person_id, names=names, out=True)


def remind(held: Webinar) -> None:
    """Write to everybody who is invited that the webinar begins tomorrow."""
    names = queries.names_of_leaders([held.id]).get(held.id, ())
    subject = Message("Tomorrow: webinar {number}, {title}", number=held.number, title=held.title)
    for person_id in guests(held.id, held.cohort_id):
        # Somebody whose account was erased a moment ago must not keep the letters of the others back.
        with suppress(NotThere):
            mail.queue(
                mail.letter_to(
                    person_id,
                    key=f"webinar:{held.id}:{held.sequence}:{person_id}:reminder",
                    subject=subject,
                    lines=(Message("Join through the page of the webinar: that is how your attendance is recorded."),),
                    zone=held.zone,
                    facts=_facts(held, names),
                    button=(Message("Open the page of the webinar"), mail.link("webinar.show", webinar_id=held.id)),
                )
            )


def out_of_reach(person_id: int, share: Share, *, cohort_id: int, zone: str) -> None:
    """Tell a trainee that the threshold cannot be reached any more: once for each cohort, whatever is closed or amended later."""
    lines = [rules.so_far(share)]
    if share.held < share.scheduled:
        lines.append(Message("You can go on taking part in the webinars that are left."))
    lines.append(
        Message(
            "If a register shows fewer minutes than you were there, write to the coordinator of your country: "
            "a closed register can be changed."
        )
    )
    with suppress(NotThere):
        mail.queue(
            mail.letter_to(
                person_id,
                key=f"webinar:out_of_reach:{cohort_id}:{person_id}",
                subject=Message("The attendance that the certificate asks for can no longer be reached"),
                lines=tuple(lines),
                zone=zone,
                button=(Message("See your attendance"), mail.link("webinar.mine")),
            )
        )


def missed(person_id: int, over: Sequence[Any], share: Share, *, cohort_id: int) -> None:
    """Tell somebody who comes late which webinars (rows) are over, and what can still be reached; once for the same webinars."""
    facts = tuple((Message("{number}. {title}", number=one.number, title=one.title), When(one.starts_at, one.zone)) for one in over)
    lines = [
        counted("{n} webinar took place before you joined.", "{n} webinars took place before you joined.", n=len(over)),
        rules.so_far(share),
        Message("The coordinator of your country tells you how you can catch up."),
    ]
    with suppress(NotThere):
        mail.queue(
            mail.letter_to(
                person_id,
                key=f"webinar:missed:{cohort_id}:{person_id}:{over[-1].id}",
                subject=Message("Webinars that took place before you joined"),
                lines=tuple(lines),
                zone=over[0].zone,
                facts=facts,
                button=(Message("See your attendance"), mail.link("webinar.mine")),
            )
        )


def _facts(held: Webinar, leaders: tuple[str, ...]) -> tuple[tuple[Message, object], ...]:
    found: list[tuple[Message, object]] = [
        (Message("Begins"), When(held.starts_at, held.zone)),
        (Message("Lasts"), counted("{n} minute", "{n} minutes", n=held.minutes)),
    ]
    if leaders:
        found.append((Message("With"), ", ".join(leaders)))
    return tuple(found)


def _words(held: Webinar, *, moved: bool, out: bool) -> tuple[Message, tuple[Message, ...]]:
    """Choose subject and sentences by what has happened to the webinar."""
    about = {"number": held.number, "title": held.title}
    when = When(held.starts_at, held.zone)
    why = (Message("The reason given: {reason}", reason=held.reason),) if held.reason else ()
    if out:
        return Message("You are no longer invited to webinar {number}", number=held.number), (
            Message("Webinar {number}, {title}, has been taken out of your calendar.", **about),
        )
    if held.state == State.CANCELLED:
        return Message("Cancelled: webinar {number}, {title}", **about), (
            Message("Webinar {number} on {when} does not take place.", number=held.number, when=when),
            *why,
        )
    if moved:
        return Message("Changed: webinar {number}, {title}", **about), (
            Message(
                "Webinar {number} has changed. What holds now stands below; your calendar is brought up to date by this message.", **about
            ),
            *why,
        )
    return Message("Webinar {number}: {title}", **about), (
        Message(
            "You are invited to webinar {number}. Accept the attached invitation, and your calendar follows when something changes.",
            **about,
        ),
        Message("Join through the page of the webinar: that is how your attendance is recorded."),
    )
