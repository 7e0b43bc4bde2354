"""Who may take part: the coordinator decides, on what the rules found."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, Reason, Refused
from inspire_lms.plugins.online_call import eligibility, rules
from inspire_lms.plugins.online_call.applying import letters
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.confirming.rules import Seen, sealed
from inspire_lms.plugins.online_call.confirming.rules import why_not as why_not_as_seen
from inspire_lms.plugins.online_call.eligibility import Finding
from inspire_lms.plugins.online_call.judging import queries, reviewing
from inspire_lms.plugins.online_call.judging.holding import hold, hold_call
from inspire_lms.plugins.online_call.mending import queries as mendings
from inspire_lms.plugins.online_call.mending.rules import why_not_decide_yet
from inspire_lms.plugins.online_call.models import Application, Call, Outcome
from inspire_lms.plugins.online_call.overriding import proposing
from inspire_lms.plugins.online_call.overriding import queries as proposals
from inspire_lms.plugins.online_call.overriding import rules as overriding
from inspire_lms.plugins.online_call.posting import actions as posting
from inspire_lms.plugins.online_call.posting.rules import DECIDED_ANEW
from inspire_lms.plugins.online_call.recusing import queries as recusing
from inspire_lms.plugins.online_call.rules import State


def decide(application_id: int, *, is_eligible: bool, note: str, by: int) -> bool:
    """Decide whether an application takes part; say whether that is in force.

    A decision other than what the rules found needs a reason; one against them, or against what two people decided, waits
    for a second person (overriding.answering) and is not in force before. Raises Invalid, Refused.
    """
    with transaction():
        application = hold(application_id)
        if reason := why_not(application, by):
            raise Refused(reason)
        found = eligibility.overall([Finding(each.finding) for each in applying.outcomes(application.id)])
        decided_by_two = proposals.decided_by_two(application.id)
        needs_second = overriding.needs_second(found, is_eligible=is_eligible, decided_by_two=decided_by_two)
        is_found = found is (Finding.PASS if is_eligible else Finding.FAIL)
        if (needs_second or not is_found) and not note.strip():
            raise Invalid({"note": Reason("Say why: the rules did not find this by themselves.")})
        if needs_second:
            proposing.propose(application, found=found, is_eligible=is_eligible, reason=note.strip(), by=by)
        else:
            settle(application, is_eligible=is_eligible, note=note.strip(), by=by)
        return not needs_second


def settle(application: Application, *, is_eligible: bool, note: str, by: int, proposed_by: int | None = None) -> None:
    """Put a decision into force. Inside a transaction that holds the application.

    Who is rejected is told why, who takes part after all is told so; for who takes part two evaluators are asked.
    """
    # Who has not read the earlier decision is not told that it no longer holds.
    unread = posting.take_back(application, ("not-eligible", "eligible"), DECIDED_ANEW, by=by)
    # What was decided once and is submitted again was rejected: an appeal has reopened it.
    is_reopened = application.state == State.SUBMITTED and application.decided_at is not None
    was_rejected = (application.state == State.NOT_ELIGIBLE or is_reopened) and not unread
    _settle(application, is_eligible=is_eligible, note=note, by=by, proposed_by=proposed_by)
    if is_eligible:
        reviewing.ask_for([application])
        if was_rejected:
            letters.eligible_after_all(application)
    else:
        letters.not_eligible(application, [each for each in applying.outcomes(application.id) if each.finding == Finding.FAIL])


def confirm_clear(call_id: int, *, by: int, seen: Seen | None = None) -> int:
    """Decide that all those take part for whom every rule was met; say how many. Nobody is rejected in bulk.

    Raises Refused before the call is closed, and when they are not those that *by* has *seen*, or others would be asked.
    """
    with transaction():
        call = hold_call(call_id)
        mine_to_decide = (*is_clear(call.id), *recusing.is_not_near(call.id, by))
        in_order = select(Application).where(*mine_to_decide).order_by(Application.submitted_at, Application.id)
        clear = list(session.scalars(in_order.with_for_update(of=Application, key_share=True)))
        planned = reviewing.plan(call, clear)
        if reason := why_not_clear(call) or why_not_as_seen(seen, seal_of(clear, planned)):
            raise Refused(reason)
        for application in clear:
            _settle(application, is_eligible=True, note="", by=by)
        reviewing.ask_as(call, planned)
        return len(clear)


def is_clear(call_id: int) -> list[ColumnElement[bool]]:
    """Choose the applications of a call that can be confirmed together, by whoever is not too near to the applicant.

    Left out are those about whom something else is proposed, those who may still mend something, and those that were decided on
    once and are open again.
    """
    doubtful = select(Outcome.application_id).where(Outcome.finding != Finding.PASS)
    return [
        Application.call_id == call_id,
        Application.state == State.SUBMITTED,
        Application.id.not_in(doubtful),
        Application.decided_at.is_(None),
        Application.id.not_in(proposals.waiting_for_second()),
        Application.id.not_in(mendings.still_open(clock.now())),
    ]


def why_not_clear(call: Call) -> Reason | None:
    """Say why nothing can be confirmed together now."""
    return rules.why_not_decide(State.SUBMITTED, call.window, published=queries.is_published(call.id), at=clock.now())


def seal_of(clear: Sequence[reviewing.Judgeable], planned: Sequence[reviewing.Planned]) -> Seen:
    """Say what confirming these together is: who takes part, and who is asked to evaluate whom."""
    return sealed(len(clear), [each.id for each in clear], [tuple(each) for each in planned])


def _settle(application: Application, *, is_eligible: bool, note: str, by: int, proposed_by: int | None = None) -> None:
    before = {"state": application.state}
    application.state = State.ELIGIBLE if is_eligible else State.NOT_ELIGIBLE
    application.decided_at, application.decision_note = clock.now(), note
    audit.record(
        "online_call.decided",
        ("application", application.id),
        by=by,
        before=before,
        after={"state": application.state, "has_note": bool(note)} | ({"proposed_by": proposed_by} if proposed_by else {}),
        cohort_id=application.cohort_id,
        about=application.person_id,
    )


def why_not(application: Application, by: int) -> Reason | None:
    """Say why *by* cannot decide on eligibility now."""
    return why_not_at_all(application) or proposing.why_not_beside(application) or recusing.why_not(application, by)


def why_not_at_all(application: Application) -> Reason | None:
    """Say why nobody can, whether or not a proposal waits."""
    call, now, mending = application.call, clock.now(), mendings.mending_of(application.id)
    published, provisional = queries.is_settled(application), queries.has_list(application.call_id)
    if reason := rules.why_not_decide(State(application.state), call.window, published=published, at=now, provisional=provisional):
        return reason
    return why_not_decide_yet(mending.until, call.cohort.zone, mending.mended_at, at=now) if mending else None

