"""What the applicant does: mend what was asked for, once."""

from collections.abc import Mapping
from typing import IO, Any

from sqlalchemy import select

from inspire_lms.kernel import audit, clock, files
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.kernel.files import StoredFile
from inspire_lms.kernel.people.names import tidy
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.applying.actions import let_rules_look
from inspire_lms.plugins.online_call.judging.holding import hold
from inspire_lms.plugins.online_call.mending import letters, queries, rules
from inspire_lms.plugins.online_call.mending.models import Earlier, Mending
from inspire_lms.plugins.online_call.models import Application, Attachment
from inspire_lms.plugins.online_call.questions import Kind, Question, why_not_submit_with
from inspire_lms.plugins.online_call.rules import State

Uploads = Mapping[str, tuple[IO[bytes], str]]
"""New files with their names, by question."""


def mend(application_id: int, answers: Mapping[str, Any], uploads: Uploads, *, by: int) -> None:
    """Take the answers that were asked for in place of the earlier ones, which are kept beside them, and let the rules look anew.

    Raises NotThere when it is not the person's own or nothing was asked for, Invalid with a reason by question, Refused after
    the deadline and a second time.
    """
    with transaction():
        application = hold(application_id)
        mending = session.scalar(select(Mending).where(Mending.application_id == application_id))
        if application.person_id != by or mending is None:
            raise NotThere
        if reason := why_not(mending, application):
            raise Refused(reason)
        asked = queries.asked_for(mending, application.call)
        if wrong := _problems(asked, answers, uploads):
            raise Invalid(wrong)
        mending.found = {each.rule: each.finding for each in applying.outcomes(application.id)}
        written = {each.code: answers.get(each.code) for each in asked if each.kind is not Kind.FILE}
        mending.before = {code: application.answers.get(code) for code in written}
        application.answers = {**application.answers, **written}
        application.administration = tidy(str(application.answers.get("administration", "")))
        _exchange_files(mending, {each.code: uploads[each.code] for each in asked if each.code in uploads}, by)
        mending.mended_at = clock.now()
        let_rules_look(application, set(applying.attachments(application.id)))
        letters.mended(mending, application)
        after = {"questions": mending.questions}
        audit.record("online_call.mended", ("application", application.id), by=by, after=after, cohort_id=application.cohort_id, about=by)


def why_not(mending: Mending, application: Application) -> Reason | None:
    """Say why an application cannot be mended now."""
    zone = application.call.cohort.zone
    return rules.why_not_mend(State(application.state), mending.until, zone, mending.mended_at, at=clock.arrived())


def _problems(asked: list[Question], answers: Mapping[str, Any], uploads: Uploads) -> dict[str, Reason]:
    found = {each.code: why_not_submit_with(each, answers.get(each.code), is_attached=each.code in uploads) for each in asked}
    return {code: reason for code, reason in found.items() if reason}


def _exchange_files(mending: Mending, uploads: Uploads, by: int) -> None:
    attached = applying.attachments(mending.application_id)
    for code, (stream, name) in uploads.items():
        kept = _keep(code, stream, name, by)
        old = attached.get(code)
        if old is not None:
            session.add(Earlier(mending_id=mending.id, question=code, file_id=old.file_id, name=old.name, size=old.size))
        now = old or Attachment(application_id=mending.application_id, question=code)
        now.file_id, now.name, now.size, now.attached_at = kept.id, kept.name, kept.size, clock.now()
        session.add(now)
    session.flush()


def _keep(code: str, stream: IO[bytes], name: str, by: int) -> StoredFile:
    try:
        return files.keep(stream, name, by=by)
    except Invalid as wrong:
        raise Invalid({code: next(iter(wrong.reasons.values()))}) from wrong
