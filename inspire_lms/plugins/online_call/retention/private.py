"""What those who took part wrote to the coordinator alone, such as the adjustments that they need: it goes soon after the course.

The rest of their application stays as proof. Who got no place is no matter of this module: everything goes with the answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from inspire_lms.kernel import audit, files
from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.kernel.plugin import is_on_for_cohort
from inspire_lms.kernel.programmes.models import Cohort, Edition
from inspire_lms.plugins.online_call.applying import attached
from inspire_lms.plugins.online_call.judging.holding import hold_call
from inspire_lms.plugins.online_call.mending.models import Earlier, Mending
from inspire_lms.plugins.online_call.models import Application, Attachment, Call
from inspire_lms.plugins.online_call.questions import Question, all_questions, form_of
from inspire_lms.plugins.online_call.retention import letters, rules
from inspire_lms.plugins.online_call.retention.queries import with_a_place


@dataclass(frozen=True)
class Line:
    """One application that still holds what only the coordinator reads."""

    application_id: int
    protocol_number: str
    labels: tuple[Words, ...]
    """The questions that are answered."""


def thin_out(at: datetime) -> None:
    """Announce what is deleted soon after *at*, and delete what is due; done twice it is done once."""
    calls = select(Call).join(Cohort, Call.cohort_id == Cohort.id).join(Edition, Cohort.edition_id == Edition.id)
    for call in session.scalars(calls.order_by(Call.id)).all():
        moment = deleted_from(call)
        if not is_on_for_cohort("online_call", call.cohort_id):
            continue
        if rules.is_near(moment, at=at):
            with transaction():
                letters.announce_private(call, len(listed(call)), moment)
        elif moment <= at:
            with transaction():
                empty(call.id)


def deleted_from(call: Call) -> datetime:
    """Say from when on the private answers of those who took part are deleted."""
    return rules.private_from(call.cohort.edition.ends_on, call.private_days, call.cohort.zone)


def listed(call: Call) -> list[Line]:
    """List what will go: a line for each application that led into the course, with a private answer, by protocol number."""
    asked = _private(call)
    if not asked:
        return []
    chosen = select(Application).where(Application.call_id == call.id, Application.id.in_(with_a_place()))
    applications = session.scalars(chosen.order_by(Application.protocol_number)).all()
    has = _other_traces(asked, [each.id for each in applications])
    lines = []
    for each in applications:
        answered = {code for code in asked if each.answers.get(code)} | has.get(each.id, set())
        if answered:
            labels = tuple(Words(question.label) for code, question in asked.items() if code in answered)
            lines.append(Line(each.id, each.protocol_number or "", labels))
    return lines


def empty(call_id: int) -> None:
    """Delete the private answers and files of those who took part, also what was there before a mending. Inside a transaction."""
    call = hold_call(call_id)
    codes, numbers = set(_private(call)), [each.application_id for each in listed(call)]
    if not numbers:
        return
    for application in session.scalars(select(Application).where(Application.id.in_(numbers))):
        application.answers = _without(application.answers, codes)
    attached.remove(Attachment.application_id.in_(numbers) & Attachment.question.in_(codes))
    mendings = session.scalars(select(Mending).where(Mending.application_id.in_(numbers))).all()
    for mending in mendings:
        mending.before = _without(mending.before, codes)
    which = (Earlier.mending_id.in_([each.id for each in mendings]), Earlier.question.in_(codes))
    forgotten = list(session.scalars(select(Earlier.file_id).where(*which)))
    session.execute(delete(Earlier).where(*which))
    session.flush()
    for file_id in forgotten:
        files.forget(file_id)
    after = {"applications": len(numbers)}
    audit.record("online_call.private-thinned-out", ("call", call_id), by=None, after=after, cohort_id=call.cohort_id)


def _private(call: Call) -> dict[str, Question]:
    return {each.code: each for each in all_questions(form_of(call.form)) if each.is_private}


def _other_traces(asked: dict[str, Question], application_ids: Sequence[int]) -> dict[int, set[str]]:
    """Give the private questions that have left something else than an answer: a file, or what was there before a mending."""
    found: dict[int, set[str]] = {}
    attachments = select(Attachment.application_id, Attachment.question).where(Attachment.application_id.in_(application_ids))
    for number, question in session.execute(attachments.where(Attachment.question.in_(asked))):
        found.setdefault(number, set()).add(question)
    earlier = select(Mending.application_id, Earlier.question).join(Earlier, Earlier.mending_id == Mending.id)
    for number, question in session.execute(earlier.where(Mending.application_id.in_(application_ids), Earlier.question.in_(asked))):
        found.setdefault(number, set()).add(question)
    mended = select(Mending.application_id, Mending.before).where(Mending.application_id.in_(application_ids))
    for number, before in session.execute(mended):
        if known := {code for code in asked if before.get(code)}:
            found.setdefault(number, set()).update(known)
    return found


def _without(answers: dict[str, object], codes: set[str]) -> dict[str, object]:
    return {code: value for code, value in answers.items() if code not in codes}
