"""The coordinator asks an applicant to mend what is missing or cannot be read."""

from collections.abc import Collection
from datetime import datetime, time

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, Reason, Refused
from inspire_lms.plugins.online_call import rules as calls
from inspire_lms.plugins.online_call.judging import deciding
from inspire_lms.plugins.online_call.judging.holding import hold
from inspire_lms.plugins.online_call.mending import letters, queries, rules
from inspire_lms.plugins.online_call.mending.models import Mending
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.rules import State


def ask(application_id: int, wanted: Collection[str], sentence: str, *, by: int) -> None:
    """Ask for some questions again, with a sentence; the applicant gets a mail with the deadline.

    Raises NotThere, Invalid without a question or a sentence, Refused when it was asked once or is decided on already.
    """
    with transaction():
        application = hold(application_id)
        if reason := why_not(application, by):
            raise Refused(reason)
        codes = [each.code for each in queries.mendable(application) if each.code in wanted]
        if not codes or len(codes) != len(set(wanted)):
            raise Invalid({"questions": Reason("Choose what is to be mended.")})
        if not sentence.strip():
            raise Invalid({"sentence": Reason("Say in a sentence what is missing or cannot be read.")})
        mending = Mending(
            application_id=application.id, asked_by_id=by, asked_at=clock.now(), until=deadline(application.call),
            questions=codes, sentence=sentence.strip(), before={}, found={},
        )  # fmt: skip
        session.add(mending)
        session.flush()
        letters.asked(mending, application)
        after = {"questions": codes, "until": mending.until}
        record, where = ("application", application.id), application.cohort_id
        audit.record("online_call.mending-asked", record, by=by, after=after, cohort_id=where, about=application.person_id)


def deadline(call: Call) -> datetime:
    """Say until when something that is asked for now can be mended."""
    until = time.fromisoformat(call.offer_until)
    return calls.offer_deadline(clock.now(), zone=call.cohort.zone, days=call.mend_days, until=until)


def why_not(application: Application, by: int) -> Reason | None:
    """Say why *by* cannot ask the applicant now."""
    was_asked, has_mendable = queries.mending_of(application.id) is not None, bool(queries.mendable(application))
    state = State(application.state)
    return rules.why_not_ask(state, was_asked=was_asked, has_mendable=has_mendable) or deciding.why_not(application, by)
