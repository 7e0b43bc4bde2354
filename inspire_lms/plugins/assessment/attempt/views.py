"""The pages of an attempt: the door, the questions, the check, the receipt, the result."""

import secrets
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from flask import redirect, request, session, url_for

from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import Message, NotThere
from inspire_lms.kernel.i18n import show
from inspire_lms.kernel.web.forms import Form, page
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.assessment import rules
from inspire_lms.plugins.assessment.attempt import actions, queries, results
from inspire_lms.plugins.assessment.attempt.queries import Asked, Head, Stand
from inspire_lms.plugins.assessment.attempt.sheet import sheets
from inspire_lms.plugins.assessment.blueprint import pages
from inspire_lms.plugins.assessment.kinds.known import KINDS
from inspire_lms.plugins.assessment.marking import queries as marks
from inspire_lms.plugins.assessment.rules import State


@pages.get("/<int:window_id>")
@needs("assessment:take", own=queries.own_stand)
def door(stand: Stand) -> Any:  # noqa: ANN401 (what a view returns)
    """Say what waits behind the door: how many questions, how long, how often, until when."""
    now = clock.now()
    reason = rules.why_not_start(stand.terms, used=len(stand.tried), at=now)
    count = 1 if stand.purpose == rules.Purpose.ESSAY else results.questions_of(stand)
    return page("assessment/door.html", stand=stand, reason=reason, count=count, now=now, rubric=results.rubric_of(stand))


@pages.post("/<int:window_id>")
@needs("assessment:take", own=queries.own_stand)
def start(stand: Stand) -> Any:  # noqa: ANN401
    """Draw the questions and go to the first."""
    attempt_id = actions.start(stand.id, me())
    return redirect(url_for("assessment.question", attempt_id=attempt_id, position=1), 303)


@pages.get("/attempt/<int:attempt_id>/<int:position>")
@needs("assessment:take", own=queries.own_attempt)
def question(head: Head, position: int) -> Any:  # noqa: ANN401
    """Ask one question; what is over leads to its receipt."""
    if head.state != State.OPEN or rules.is_over(head.ends_at, at=clock.now()):
        return _to_receipt(head)
    return _asking(head, queries.asked(head.id), position, Form.built({}))


@pages.post("/attempt/<int:attempt_id>/<int:position>")
@needs("assessment:take")
def save(attempt_id: int, position: int) -> Any:  # noqa: ANN401
    """Save the answer to one question, for the script and for the page without it. No loader: a save costs three statements."""
    if queries.is_switched_off(attempt_id):
        raise NotThere
    by, form, device = me(), Form.built({}), _device()
    sent, flagged, seen = request.form.getlist("answer"), "flagged" in request.form, request.form.get("seen", "")
    kept: list[actions.Saved] = []
    was_saved = form.perform(
        lambda: kept.append(actions.save(attempt_id, position, sent, by=by, flagged=flagged, device=device, seen=seen))
    )
    if request.accept_mimetypes.best == "application/json":
        if not was_saved:
            return {"reason": " ".join(show(reason) for _id, _label, reason in form.errors)}, form.status
        return {"saved": kept[0].at.isoformat(), "elsewhere": kept[0].elsewhere_at and kept[0].elsewhere_at.isoformat()}
    if not was_saved:
        head = queries.own_attempt(attempt_id, by)
        return _asking(head, queries.asked(attempt_id), position, form, sent) if head else redirect(url_for("assessment.overview"), 303)
    onward = _onward(attempt_id, position)
    if kept[0].elsewhere_at:
        return done(Message("Saved. Another device had changed this answer in the meantime; your latest answer counts."), to=onward)
    return redirect(onward, 303)


def _onward(attempt_id: int, position: int) -> str:
    """Say where the pressed button leads: on, back, to the check, or to the same question again, in another language perhaps."""
    wanted = "" if "_language" in request.form else request.form.get("go", "")
    if wanted == "check":
        return url_for("assessment.check", attempt_id=attempt_id)
    there = position + {"next": 1, "previous": -1}.get(wanted, 0)
    return url_for("assessment.question", attempt_id=attempt_id, position=max(there, 1))


def _asking(head: Head, asked: list[Asked], position: int, form: Form, typed: list[str] | None = None) -> Any:  # noqa: ANN401
    here = min(max(position, 1), len(asked))
    saved_at = max((each.saved_at for each in asked if each.saved_at), default=None)
    now = clock.now()
    return page(
        "assessment/question.html", form=form, head=head, sheets=sheets(head, asked, here, typed, device=_device()), here=here, now=now,
        left=rules.minutes_left(head.ends_at, at=now),
        base=url_for("assessment.question", attempt_id=head.id, position=0)[:-1],
        saved=saved_at and saved_at.astimezone(ZoneInfo(head.zone)).strftime("%H:%M:%S"), is_over=rules.is_over(head.ends_at, at=now),
    )  # fmt: skip


def _device() -> str:
    """Tell this browser from others; a random sign in the session, nothing about the device itself."""
    if "device" not in session:
        session["device"] = secrets.token_hex(8)
    return str(session["device"])


@pages.get("/attempt/<int:attempt_id>/check")
@needs("assessment:take", own=queries.own_attempt)
def check(head: Head) -> Any:  # noqa: ANN401
    """Show which questions are answered before anything is handed in."""
    if head.state != State.OPEN or rules.is_over(head.ends_at, at=clock.now()):
        return _to_receipt(head)
    asked = queries.asked(head.id)
    return page("assessment/check.html", head=head, asked=asked, missing=[each for each in asked if not each.is_answered])


@pages.post("/attempt/<int:attempt_id>/check")
@needs("assessment:take", own=queries.own_attempt)
def submit(head: Head) -> Any:  # noqa: ANN401
    """Hand in."""
    actions.submit(head.id)
    return redirect(url_for("assessment.receipt", attempt_id=head.id), 303)


def _to_receipt(head: Head) -> Any:  # noqa: ANN401
    """Lead to the receipt, and hand in first what has run out of time and nobody has noticed yet."""
    if head.state == State.OPEN:
        actions.submit(head.id)
    return redirect(url_for("assessment.receipt", attempt_id=head.id), 303)


@pages.get("/attempt/<int:attempt_id>/receipt")
@needs("assessment:take", own=queries.own_attempt)
def receipt(head: Head) -> Any:  # noqa: ANN401
    """Show when what was handed in, with the hash of the answers and a copy of them."""
    if head.state == State.OPEN:
        if not rules.is_over(head.ends_at, at=clock.now()):
            return redirect(url_for("assessment.question", attempt_id=head.id, position=1), 303)
        return _to_receipt(head)
    asked = queries.asked(head.id)
    # The copy has what was handed in, since the receipt stands for it; what was accepted later is said beside it.
    before = marks.handed_in([each.id for each in asked])
    copy = [replace(each, answer=before[each.id]) if each.id in before else each for each in asked]
    accepted = {each.position: results.in_words(KINDS, each) for each in asked if each.id in before}
    return page("assessment/receipt.html", head=head, rows=[(each, results.in_words(KINDS, each)) for each in copy], accepted=accepted)


@pages.get("/attempt/<int:attempt_id>/result")
@needs("assessment:take", own=queries.own_attempt)
def result(head: Head) -> Any:  # noqa: ANN401
    """Show the result per competence, and the gain from the pre-test to the final test."""
    if head.state != State.GRADED:
        return _to_receipt(head)
    return page("assessment/result.html", head=head, **results.of_person(head))
