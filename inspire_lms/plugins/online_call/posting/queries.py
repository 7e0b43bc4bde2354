"""Reads about letters. Lists, counts and what waits cost the same number of statements however many letters there are."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select

from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.mail import UNSENT, Mail, MailState
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.offering.models import Place
from inspire_lms.plugins.online_call.posting import rules
from inspire_lms.plugins.online_call.posting.models import Addition, Letter, Letterbox, Message
from inspire_lms.plugins.online_call.rules import Standing, State

HELD = MailState.HELD


class Chosen(NamedTuple):
    """Which letters of a call are meant; None means all of them."""

    kind: str | None = None
    language: str | None = None
    mail_id: int | None = None

    def where(self) -> list[ColumnElement[bool]]:
        """Choose them."""
        asked = ((Letter.kind, self.kind), (Mail.language, self.language), (Letter.mail_id, self.mail_id))
        return [column == value for column, value in asked if value is not None]


@dataclass(frozen=True)
class Waiting:
    """What waits of the letters that are meant: those that may go, and those that have become untrue, with the reason."""

    letters: Sequence[Any]
    """mail_id, kind, edited_at, language, to_person of each."""
    untrue: Sequence[tuple[Any, Reason]]
    additions: dict[str, Addition]
    """The paragraphs that are added, by kind."""

    @property
    def people(self) -> int:
        """How many people they go to."""
        return len({each.to_person for each in self.letters})

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """How many there are of each kind and language."""
        return sorted((*group, number) for group, number in Counter((each.kind, each.language) for each in self.letters).items())

    @property
    def seal(self) -> str:
        """A fingerprint of all that is to be released: who confirms a number confirms these letters, with these words."""
        said = [(each.mail_id, each.edited_at) for each in self.letters]
        added = sorted((kind, each.written_at) for kind, each in self.additions.items())
        return hashlib.sha256(repr((said, added)).encode()).hexdigest()[:16]

    def unsaid(self) -> list[tuple[str, list[str]]]:
        """List the kinds whose paragraph is missing in a language in which a letter waits, with these languages."""
        spoken = {(kind, language) for kind, language, _number in self.counts}
        found = []
        for kind, each in sorted(self.additions.items()):
            missing = rules.unsaid(each.words, sorted(language for one, language in spoken if one == kind))
            found += [(kind, missing)] if missing else []
        return found


def letter(mail_id: int) -> Letter | None:
    """Give a letter to an applicant with its mail."""
    return session.get(Letter, mail_id, populate_existing=True)


def first_words(person_id: int) -> list[Mapping[str, Any]]:
    """Give what letters to a person said before somebody changed them, in words of JSON."""
    chosen = select(Letter.subject_before, Letter.text_before, Letter.edited_at).join(Mail, Letter.mail_id == Mail.id)
    rows = session.execute(chosen.where(Mail.to_person == person_id, Letter.text_before != "").order_by(Letter.mail_id))
    return [{"subject_before": row[0], "text_before": row[1], "edited_at": row[2] and row[2].isoformat()} for row in rows]


def letterbox(call_id: int) -> Letterbox | None:
    """Give what was last said about the letters of a call; None when they have always gone at once."""
    return session.get(Letterbox, call_id)


def counts(call_id: int) -> dict[tuple[str, str], Counter[str]]:
    """Count the letters of a call: by kind and language, then by state."""
    found: dict[tuple[str, str], Counter[str]] = {}
    rows = session.execute(
        select(Letter.kind, Mail.language, Mail.state, func.count())
        .join(Mail, Letter.mail_id == Mail.id)
        .where(Letter.call_id == call_id)
        .group_by(Letter.kind, Mail.language, Mail.state)
    )
    for kind, language, state, number in rows:
        found.setdefault((kind, language), Counter())[state] = number
    return found


def number_waiting(call_id: int) -> int:
    """Count the letters of a call that wait; one statement."""
    chosen = select(func.count()).select_from(Letter).join(Mail, Letter.mail_id == Mail.id)
    return session.scalar(chosen.where(Letter.call_id == call_id, Mail.state == HELD)) or 0


def listed(call_id: int, chosen: Chosen, state: str | None = None) -> Select[Any]:
    """Choose the letters of a call for a list, the latest first, with the offer of each reader; those that failed with those refused."""
    columns: tuple[Any, ...] = (Mail.id, Mail.name, Mail.address, Mail.language, Mail.subject, Mail.state, Mail.written_at)
    of_person = (Application.call_id == Letter.call_id) & (Application.person_id == Mail.to_person)
    query = (
        select(*columns, Mail.sent_at, Mail.error, Letter.kind, Letter.edited_at, Place.standing, Place.offer_until)
        .join(Letter, Letter.mail_id == Mail.id)
        .outerjoin(Application, of_person)
        .outerjoin(Place, Place.application_id == Application.id)
        .where(Letter.call_id == call_id, *chosen.where())
    )
    states = UNSENT if state == MailState.FAILED else (state,)
    return (query.where(Mail.state.in_(states)) if state else query).order_by(Mail.id.desc())


def languages(call_id: int) -> list[tuple[str, int]]:
    """Count the eligible applicants of a call by the language in which they are written to."""
    chosen = select(Person.language, func.count()).join(Application, Application.person_id == Person.id)
    chosen = chosen.where(Application.call_id == call_id, Application.state == State.ELIGIBLE).group_by(Person.language)
    return [(language, number) for language, number in session.execute(chosen.order_by(Person.language))]


def waiting(call: Call, chosen: Chosen, *, at: datetime) -> Waiting:
    """Find what waits of the letters that are meant; in two statements."""
    of_person = (Application.call_id == Letter.call_id) & (Application.person_id == Mail.to_person)
    of_letter: tuple[Any, ...] = (Letter.mail_id, Letter.kind, Letter.edited_at, Mail.language, Mail.to_person)
    of_message: tuple[Any, ...] = (Message.to, Message.due_at, Message.of_at)
    rows = session.execute(
        select(*of_letter, *of_message, Application.state, Place.standing)
        .join(Mail, Letter.mail_id == Mail.id)
        .outerjoin(Application, of_person)
        .outerjoin(Place, Place.application_id == Application.id)
        .outerjoin(Message, Letter.message_id == Message.id)
        .where(Letter.call_id == call.id, Mail.state == HELD, *chosen.where())
        .order_by(Letter.mail_id)
    ).all()
    judged = [(row, _why_untrue(row, call, at)) for row in rows]
    true = [row for row, reason in judged if reason is None]
    kinds = {row.kind for row in true}
    added = {kind: each for kind, each in additions(call.id).items() if kind in kinds}
    return Waiting(true, [(row, reason) for row, reason in judged if reason], added)


def receivers(mail_ids: Sequence[int]) -> dict[int, str]:
    """Give the names to which some mails go, by mail."""
    return {row.id: row.name for row in session.execute(select(Mail.id, Mail.name).where(Mail.id.in_(mail_ids)))}


def _why_untrue(row: Any, call: Call, at: datetime) -> Reason | None:  # noqa: ANN401 (a row)
    about = rules.About(State(row.state) if row.state else None, Standing(row.standing) if row.standing else None, call.reserve_until)
    announced = rules.Announced(rules.To(row.to), row.due_at, row.of_at) if row.to else None
    return rules.why_untrue(row.kind, about, announced, at=at)


def additions(call_id: int) -> dict[str, Addition]:
    """Give the paragraphs that are added to the waiting letters of a call, by kind."""
    return {each.kind: each for each in session.scalars(select(Addition).where(Addition.call_id == call_id))}


def calls_with_waiting() -> list[int]:
    """List the calls of which letters wait."""
    chosen = select(Letter.call_id).join(Mail, Letter.mail_id == Mail.id).where(Mail.state == HELD)
    return list(session.scalars(chosen.distinct().order_by(Letter.call_id)))


def messages(call_id: int) -> list[Message]:
    """List what is announced in a call, the earliest first."""
    return list(session.scalars(select(Message).where(Message.call_id == call_id).order_by(Message.due_at, Message.code)))


def messages_between(since: datetime, at: datetime) -> list[Message]:
    """List what came due after *since*, and by *at*, and is not all written."""
    chosen = select(Message).where(Message.due_at > since, Message.due_at <= at, Message.written_at.is_(None))
    return list(session.scalars(chosen.order_by(Message.id)))


def group(to: str) -> ColumnElement[bool]:
    """Choose the applications for whom an announcement is; joined with their places from outside."""
    states, standings = rules.GROUPS[rules.To(to)]
    chosen = Application.state.in_(states)
    return chosen if None in standings else chosen & Place.standing.in_([each for each in standings if each])


def numbers_in_groups(call_id: int, groups: Sequence[str]) -> dict[str, int]:
    """Count for how many people an announcement would be now, by group; one statement."""
    if not groups:
        return {}
    columns = [func.count().filter(group(each)).label(each) for each in groups]
    chosen = select(*columns).select_from(Application).outerjoin(Place, Place.application_id == Application.id)
    return dict(session.execute(chosen.where(Application.call_id == call_id)).mappings().one())
