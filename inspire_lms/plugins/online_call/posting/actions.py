"""Letters that wait: the switch, the release of exactly what was confirmed, other words, and dropping what has become untrue.

Each deed holds the call first, as publishing and deciding do: what is found to be true is still true when it goes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused, counted
from inspire_lms.kernel.i18n import locale
from inspire_lms.kernel.mail import Mail, without_keys
from inspire_lms.kernel.mailing import waiting
from inspire_lms.plugins.online_call.judging.holding import hold_call
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.offering.models import Ranking
from inspire_lms.plugins.online_call.posting import queries, rules
from inspire_lms.plugins.online_call.posting.kinds import KINDS
from inspire_lms.plugins.online_call.posting.models import Addition, Letter, Letterbox
from inspire_lms.plugins.online_call.posting.queries import HELD, Chosen, Waiting


def let_wait(call_id: int, *, is_closed: bool, by: int) -> None:
    """Let letters that may wait do so from now on, or go at once again; what waits already waits until it is released."""
    with transaction():
        call = hold_call(call_id)
        letterbox = session.get(Letterbox, call_id) or Letterbox(call_id=call_id, is_closed=False)
        if letterbox.is_closed == is_closed:
            return
        letterbox.is_closed, letterbox.changed_at, letterbox.changed_by_id = is_closed, clock.now(), by
        session.add(letterbox)
        did = "online_call.letters-held" if is_closed else "online_call.letters-at-once"
        audit.record(did, ("call", call_id), by=by, cohort_id=call.cohort_id)


def release(call_id: int, chosen: Chosen, *, number: int, seal: str, by: int) -> int:
    """Let the letters go that are meant, and drop those among them that have become untrue; say how many go.

    Raises Refused, and does nothing, when they are not the *number* of letters with the *seal* that was confirmed, or when a
    paragraph is missing in a language.
    """
    with transaction():
        call = hold_call(call_id)
        # Who answers an offer or is called up holds the list: what is true of their letters stays so until these have gone.
        session.execute(select(Ranking.id).where(Ranking.call_id == call_id).with_for_update(key_share=True)).all()
        found = queries.waiting(call, chosen, at=clock.now())
        if reason := why_not_release(found, number, seal):
            raise Refused(reason)
        _add(found)
        _drop(found.untrue, cohort_id=call.cohort_id, by=by)
        released = waiting.release([each.mail_id for each in found.letters])
        _forget_used_up(call_id, found)
        after = {"letters": released, "people": found.people, "kinds": sorted({each.kind for each in found.letters})}
        audit.record("online_call.letters-released", ("call", call_id), by=by, after=after, cohort_id=call.cohort_id)
        return released


def why_not_release(found: Waiting, number: int, seal: str) -> Reason | None:
    """Say why what waits cannot be released by somebody who has seen *number* letters with this *seal*."""
    if not found.letters:
        return Reason("Nothing of this waits any more.")
    if number != len(found.letters):
        return counted(
            "In the meantime the number has changed: {n} letter waits now. Nothing was sent.",
            "In the meantime the number has changed: {n} letters wait now. Nothing was sent.",
            n=len(found.letters),
        )
    if seal != found.seal:
        return Reason("In the meantime the letters have changed. Look at them again; nothing was sent.")
    if missing := found.unsaid():
        kind, languages = missing[0]
        named = ", ".join(locale().languages.get(each, each) for each in languages)
        return Reason("“{kind}”: the added paragraph is missing in {languages}.", kind=KINDS[kind].title, languages=named)
    return None


def add(call_id: int, kind: str, words: Mapping[str, str], *, by: int) -> None:
    """Add a paragraph to all letters of a kind that wait or will wait, or, with no words, take it away again.

    Raises Invalid when it is missing in a language in which a letter waits.
    """
    with transaction():
        call = hold_call(call_id)
        said = Words({language: " ".join(text.split()) for language, text in words.items() if text.strip()})
        languages = sorted({row.language for row in queries.waiting(call, Chosen(kind), at=clock.now()).letters})
        if missing := rules.unsaid(said, languages):
            raise Invalid({each: Reason("Write it in this language too, or leave all of them empty.") for each in missing})
        before = session.get(Addition, (call_id, kind))
        if before is not None and not said:
            session.delete(before)
        elif said:
            session.merge(Addition(call_id=call_id, kind=kind, words=said, written_at=clock.now(), written_by_id=by))
        told = {"kind": kind, "languages": sorted(said)}
        was = {"words": dict(before.words)} if before else None
        audit.record("online_call.paragraph-added", ("call", call_id), by=by, before=was, after=told, cohort_id=call.cohort_id)


def rewrite(mail_id: int, *, subject: str, greeting: str, text: str, by: int) -> None:
    """Put other words into one letter that waits; facts, button and links stay. Raises NotThere, Refused when it has gone."""
    with transaction():
        found = _hold(mail_id)
        if not rules.paragraphs(text):
            raise Invalid({"text": Reason("This is still missing.")})
        _change(found, by=by, subject=subject, greeting=" ".join(greeting.split()), lines=rules.paragraphs(text))
        told = ("kernel_mail", mail_id)
        audit.record("online_call.letter-rewritten", told, by=by, cohort_id=found.cohort_id, about=found.mail.to_person)


def _hold(mail_id: int) -> Letter:
    call_id = session.scalar(select(Letter.call_id).where(Letter.mail_id == mail_id))
    if call_id is None:
        raise NotThere
    hold_call(call_id)
    found = queries.letter(mail_id)
    if found is None:
        raise NotThere
    session.refresh(found.mail)
    if found.mail.state != HELD:
        raise Refused(Reason("This letter does not wait any more: it cannot be changed."))
    return found


def _change(letter: Letter, *, by: int, subject: str, greeting: str, lines: Sequence[str]) -> None:
    """Put other words into a letter and keep the first ones."""
    if letter.edited_at is None:
        letter.subject_before, letter.text_before = letter.mail.subject, without_keys(letter.mail.text)
    letter.edited_at, letter.edited_by_id = clock.now(), by
    waiting.rewrite(letter.mail, subject=subject, greeting=greeting, lines=lines)
    session.flush()


def _add(found: Waiting) -> None:
    """Put the added paragraphs into the letters that go."""
    adding = [each.mail_id for each in found.letters if each.kind in found.additions]
    chosen = select(Letter).where(Letter.mail_id.in_(adding)).order_by(Letter.mail_id)
    for letter in session.scalars(chosen.execution_options(populate_existing=True)).all() if adding else ():
        added = found.additions[letter.kind]
        parts = letter.mail.parts or {}
        lines = [*parts["lines"], added.words[letter.mail.language]]
        _change(letter, by=added.written_by_id, subject=letter.mail.subject, greeting=parts["greeting"], lines=lines)


def _forget_used_up(call_id: int, found: Waiting) -> None:
    """Take away the paragraphs of kinds of which nothing waits any more: they were for these letters, not for the next ones."""
    still = select(Letter.kind).join(Mail, Letter.mail_id == Mail.id).where(Letter.call_id == call_id, Mail.state == HELD)
    left = set(session.scalars(still.distinct()))
    over = [kind for kind in found.additions if kind not in left]
    session.execute(delete(Addition).where(Addition.call_id == call_id, Addition.kind.in_(over)))


def _drop(untrue: Iterable[tuple[Any, Reason]], *, cohort_id: int, by: int | None) -> int:
    """Drop what has become untrue: one statement for each reason."""
    by_reason: dict[str, dict[int, int | None]] = {}
    for row, reason in untrue:
        by_reason.setdefault(reason.text, {})[row.mail_id] = row.to_person
    for why, people in by_reason.items():
        waiting.drop(list(people), why)
        for mail_id, person_id in people.items():
            told = ("kernel_mail", mail_id)
            audit.record("online_call.letter-dropped", told, by=by, after={"why": why}, cohort_id=cohort_id, about=person_id)
    return sum(len(people) for people in by_reason.values())


def drop_untrue() -> None:
    """Drop every letter that waits and has become untrue; done twice it is done once."""
    for call_id in queries.calls_with_waiting():
        with transaction():
            call = hold_call(call_id)
            _drop(queries.waiting(call, Chosen(), at=clock.now()).untrue, cohort_id=call.cohort_id, by=None)


def take_back(application: Application, kinds: Iterable[str], why: Reason, *, by: int | None) -> bool:
    """Drop the waiting letters of these kinds about an application that is held; say whether there were any. Inside a transaction."""
    mine = (Letter.call_id == application.call_id, Letter.kind.in_(list(kinds)), Mail.to_person == application.person_id)
    chosen = select(Letter.mail_id, Mail.to_person).join(Mail, Letter.mail_id == Mail.id).where(*mine, Mail.state == HELD)
    return bool(_drop([(row, why) for row in session.execute(chosen)], cohort_id=application.cohort_id, by=by))
