"""Who may take part: the coordinator decides, on what the rules found."""

from sqlalchemy import select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, Reason, Refused
from inspire_lms.plugins.online_call import eligibility, rules
from inspire_lms.plugins.online_call.applying import letters
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.eligibility import Finding
from inspire_lms.plugins.online_call.judging import queries, reviewing
from inspire_lms.plugins.online_call.judging.holding import hold, hold_call
from inspire_lms.plugins.online_call.models import Application, Outcome
from inspire_lms.plugins.online_call.rules import State


def decide(application_id: int, *, is_eligible: bool, note: str, by: int) -> None:
    """Decide whether an application takes part. A decision other than what the rules found needs a reason.

    Who is rejected is told why, who takes part after all is told so; for who takes part two evaluators are asked. Raises Invalid, Refused.
    """
    with transaction():
        application = hold(application_id)
        if reason := why_not(application):
            raise Refused(reason)
        outcomes = applying.outcomes(application.id)
        found = eligibility.overall([Finding(each.finding) for each in outcomes])
        if found is not (Finding.PASS if is_eligible else Finding.FAIL) and not note.strip():
            raise Invalid({"note": Reason("Say why: the rules did not find this by themselves.")})
        was_rejected = application.state == State.NOT_ELIGIBLE
        _settle(application, is_eligible=is_eligible, note=note.strip(), by=by)
        if is_eligible:
            reviewing.ask_for([application])
            if was_rejected:
                letters.eligible_after_all(application)
        else:
            letters.not_eligible(application, [each for each in outcomes if each.finding == Finding.FAIL])


def confirm_clear(call_id: int, *, by: int) -> int:
    """Decide that all those take part for whom every rule was met; say how many. Nobody is rejected in bulk."""
    with transaction():
        call = hold_call(call_id)
        doubtful = select(Outcome.application_id).where(Outcome.finding != Finding.PASS)
        chosen = select(Application).where(
            Application.call_id == call.id, Application.state == State.SUBMITTED, Application.id.not_in(doubtful)
        )
        in_order = chosen.order_by(Application.submitted_at, Application.id)
        clear = list(session.scalars(in_order.with_for_update(of=Application, key_share=True)))
        if reason := rules.why_not_decide(State.SUBMITTED, call.window, published=queries.is_published(call.id), at=clock.now()):
            raise Refused(reason)
        for application in clear:
            _settle(application, is_eligible=True, note="", by=by)
        reviewing.ask_for(clear)
        return len(clear)


def _settle(application: Application, *, is_eligible: bool, note: str, by: int) -> None:
    before = {"state": application.state}
    application.state = State.ELIGIBLE if is_eligible else State.NOT_ELIGIBLE
    application.decided_at, application.decision_note = clock.now(), note
    audit.record(
        "online_call.decided",
        ("application", application.id),
        by=by,
        before=before,
        after={"state": application.state, "has_note": bool(note)},
        cohort_id=application.cohort_id,
        about=application.person_id,
    )


def why_not(application: Application) -> Reason | None:
    """Say why eligibility cannot be decided now."""
    published = queries.is_published(application.call_id)
    return rules.why_not_decide(State(application.state), application.call.window, published=published, at=clock.now())

