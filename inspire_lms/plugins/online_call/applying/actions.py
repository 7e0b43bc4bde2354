"""What an applicant does: begin, save, attach, submit, throw a draft away."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import IO, Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, delete, select, update
from sqlalchemy.exc import IntegrityError

from inspire_lms.kernel import audit, clock, files
from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.people.names import tidy
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.online_call import eligibility, questions, rules
from inspire_lms.plugins.online_call.announcing import queries as announced
from inspire_lms.plugins.online_call.applying import attached, letters, queries
from inspire_lms.plugins.online_call.authorising import erasing
from inspire_lms.plugins.online_call.authorising import queries as authorising
from inspire_lms.plugins.online_call.authorising.models import Authorisation
from inspire_lms.plugins.online_call.drafting import saving, unasked
from inspire_lms.plugins.online_call.eligibility import Finding, Rule
from inspire_lms.plugins.online_call.models import Application, Attachment, Call, Outcome, Register
from inspire_lms.plugins.online_call.questions import Kind
from inspire_lms.plugins.online_call.rules import State


def begin(call_id: int, *, by: int) -> int:
    """Begin a draft and give its number; the one that is there already when there is one.

    Raises Refused when the call is not open.
    """
    with transaction():
        found = queries.own_in(call_id, by)
        if found is not None:
            return found.id
        call = session.get_one(Call, call_id)
        now = clock.arrived()
        if reason := rules.why_not_write(call.window, at=now):
            raise Refused(reason)
        try:
            with session.begin_nested():
                draft = Application(call_id=call_id, person_id=by, state=State.DRAFT, answers={}, begun_at=now, saved_at=now)
                session.add(draft)
        except IntegrityError:
            # Begun in another window at the same moment: that one is it.
            return _of_person(call_id, by)
        return draft.id


def _of_person(call_id: int, person_id: int) -> int:
    found = queries.own_in(call_id, person_id)
    if found is None:
        raise NotThere
    return found.id


def save(application_id: int, answers: Mapping[str, Any], *, by: int) -> datetime:
    """Keep *answers* in a draft beside those that are there, and say when; whatever any page has seen of it.

    Raises NotThere when it is not the person's own, Refused when it is no draft or the call is not open.
    """
    return saving.save(application_id, answers, by=by).at


def attach(application_id: int, question: str, stream: IO[bytes], name: str, *, by: int) -> None:
    """Attach a PDF as the answer to *question*, in place of the one before.

    Raises Invalid with the reason keyed by the question when the file is none that we take, Refused as *save* does.
    """
    with transaction():
        draft = _own_draft(application_id, by)
        asked = next((each for each in questions.all_questions(questions.form_of(draft.call.form)) if each.code == question), None)
        if asked is None or asked.kind is not Kind.FILE:
            raise NotThere
        try:
            kept = files.keep(stream, name, by=by)
        except Invalid as wrong:
            raise Invalid({question: next(iter(wrong.reasons.values()))}) from wrong
        attached.remove(and_(Attachment.application_id == draft.id, Attachment.question == question))
        now = clock.now()
        session.add(
            Attachment(application_id=draft.id, question=question, file_id=kept.id, name=kept.name, size=kept.size, attached_at=now)
        )
        draft.saved_at = now


def detach(application_id: int, question: str, *, by: int) -> None:
    """Take a file out of a draft."""
    with transaction():
        draft = _own_draft(application_id, by)
        attached.remove(and_(Attachment.application_id == draft.id, Attachment.question == question))
        draft.saved_at = clock.now()


def submit(application_id: int, *, by: int) -> None:
    """Submit an application: empty what is not asked, number it, fix its answers, let the rules look, and send the receipt.

    Done twice it is done once, with the same receipt. Raises Invalid with a reason for every question that is still
    open, Refused when the call is not open; the draft is kept.
    """
    with transaction():
        draft = _locked(application_id, by)
        if draft.submitted_at is not None:
            return
        now = clock.arrived()
        if reason := rules.why_not_change(State(draft.state), draft.call.window, at=now):
            raise Refused(reason)
        handed_in, by_link = queries.attachments(draft.id), authorising.stand_for_files(draft, now)
        if wrong := questions.missing(questions.form_of(draft.call.form), draft.answers, by_link | set(handed_in)):
            raise Invalid(wrong)
        dropped = unasked.drop(draft, handed_in)
        draft.protocol_number = _next_number(draft.call.cohort, now)
        draft.state, draft.submitted_at = State.SUBMITTED, now
        draft.notice_version = announced.in_force(draft.call_id, now)
        draft.administration = tidy(str(draft.answers.get("administration", "")))
        let_rules_look(draft, set(handed_in))
        letters.receipt(draft, handed_in, by_link, dropped)
        after = {"number": draft.protocol_number}
        audit.record("online_call.submitted", ("application", draft.id), by=by, after=after, cohort_id=draft.cohort_id, about=by)


def let_rules_look(application: Application, handed_in: set[str]) -> None:
    """Keep what each rule of eligibility finds in an application now, in place of what it found before. Inside a transaction."""
    session.execute(delete(Outcome).where(Outcome.application_id == application.id))
    email = session.scalar(select(Person.email).where(Person.id == application.person_id)) or ""
    by_link = authorising.findings(application, clock.now())
    there = handed_in | {code for code, value in application.answers.items() if value == questions.ON_PAPER}
    found, asked = eligibility.rules_of(application.call.eligibility), unasked.asked_of(application)
    session.add_all(
        Outcome(**each)
        for each in outcomes(application.id, found, application.answers, there, email, by_link=by_link, asked=asked)
    )


def discard(application_id: int, *, by: int) -> None:
    """Delete a draft with all that is in it; a submitted application can only be withdrawn."""
    with transaction():
        draft = _locked(application_id, by)
        if draft.state != State.DRAFT:
            raise Refused(Reason("The application has been submitted: it can be withdrawn, not deleted."))
        attached.remove(Attachment.application_id == draft.id)
        erasing.forget(Authorisation.application_id == draft.id)
        session.execute(delete(Application).where(Application.id == draft.id))


def _locked(application_id: int, person_id: int) -> Application:
    """Load the person's application, so that nobody else changes it before we have decided. Raises NotThere."""
    chosen = select(Application).where(Application.id == application_id, Application.person_id == person_id)
    found = session.scalar(chosen.with_for_update(of=Application, key_share=True).execution_options(populate_existing=True))
    if found is None:
        raise NotThere
    return found


def _own_draft(application_id: int, person_id: int) -> Application:
    draft = _locked(application_id, person_id)
    if reason := rules.why_not_change(State(draft.state), draft.call.window, at=clock.arrived()):
        raise Refused(reason)
    return draft


def _next_number(cohort: Cohort, at: datetime) -> str:
    return rules.protocol_number(cohort.country, at.astimezone(ZoneInfo(cohort.zone)).year, take_numbers(cohort.country, 1))


def take_numbers(country: str, how_many: int) -> int:
    """Take so many numbers from the register of a country, and give the first. Inside a transaction."""
    # The counter's row is taken inside the transaction: when that fails the numbers are given back, so there is no gap.
    counted = update(Register).where(Register.country == country).values(last=Register.last + how_many).returning(Register.last)
    return session.execute(counted).scalar_one() - how_many + 1


def outcomes(
    application_id: int,
    found: Iterable[Rule],
    answers: Mapping[str, Any],
    handed_in: Collection[str],
    email: str,
    *,
    by_link: Mapping[str, Finding] | None = None,
    asked: Collection[str] | None = None,
) -> list[dict[str, Any]]:
    """Say what each rule finds in an application, with its words as they are now: the columns of an Outcome."""
    return [
        {
            "application_id": application_id,
            "rule": rule.code,
            "finding": eligibility.find(rule, answers, handed_in, email, by_link, asked=asked),
            "title": Words(rule.title),
            "reason": Words(rule.reason),
        }
        for rule in found
    ]
