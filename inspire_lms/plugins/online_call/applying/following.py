"""What the pages of one's own application show: how far a draft is, and where a submitted one stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask import url_for

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message, Reason, When
from inspire_lms.plugins.online_call import questions, rules
from inspire_lms.plugins.online_call.applying import notice, queries
from inspire_lms.plugins.online_call.authorising import queries as authorising
from inspire_lms.plugins.online_call.drafting import unasked
from inspire_lms.plugins.online_call.drafting.progress import Progress, progress
from inspire_lms.plugins.online_call.eligibility import Finding
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.models import Application, Attachment, Call, Outcome
from inspire_lms.plugins.online_call.offering import queries as offering
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.publishing import queries as publications
from inspire_lms.plugins.online_call.questions import Kind, Section
from inspire_lms.plugins.online_call.ranking import told
from inspire_lms.plugins.online_call.ranking.terms import quotas_of
from inspire_lms.plugins.online_call.reserve.rules import is_in_vain
from inspire_lms.plugins.online_call.rules import Standing, State

ASK = "ask:"
"""With the code of a question: what the button beside a file leads to when a superior may answer in its place."""
CHECK = "check"
"""What the button "Save and continue" of the last section leads to."""


@dataclass(frozen=True)
class Missing:
    """One point that a draft still lacks."""

    label: Words
    reason: Reason
    href: str


@dataclass(frozen=True)
class Draft:
    """How far a draft is."""

    steps: tuple[tuple[Words | Message, str], ...]
    missing: tuple[Missing, ...]
    why_closed: Reason | None
    """Why nothing can be changed now; None while the call is open."""
    first_open: str
    """The address of the first section that lacks something, else of the check."""
    progress: tuple[Progress, ...]
    """How far each section is."""
    dropped: tuple[Words, ...]
    """The questions that are answered and not asked: on submission their answers are dropped."""


def drafted(application: Application, attached: Mapping[str, Attachment], here: str) -> Draft:
    """Say how far a draft is; *here* is the section that is open, empty at the check."""
    form, now = questions.form_of(application.call.form), clock.now()
    answered = authorising.stand_for_files(application, now) | set(attached)
    found = progress(form, application.answers, answered)
    steps: list[tuple[Words | Message, str]] = [
        (Words(each.title), "now" if each.code == here else "done" if each.is_done else "") for each in found
    ]
    steps.append((Message("Check and submit"), "" if here else "now"))
    missing = tuple(_missing(application, form, answered))
    return Draft(
        steps=tuple(steps),
        missing=missing,
        why_closed=rules.why_not_write(application.call.window, at=now),
        progress=found,
        dropped=tuple(Words(each.label) for each in unasked.answered_unasked(form, application.answers, attached)),
        first_open=missing[0].href.partition("#")[0] if missing else url_for("online_call.check", application_id=application.id),
    )


def files_of(application: Application, section: Section) -> Collection[str]:
    """Give the questions of a section that need no file any more; no statement where it has none for a file."""
    if not any(each.kind is Kind.FILE for each in section.questions):
        return ()
    return authorising.stand_for_files(application, clock.now()) | set(queries.attachments(application.id))


def _missing(application: Application, form: tuple[Section, ...], answered: Collection[str]) -> list[Missing]:
    wrong = questions.missing(form, application.answers, answered)
    return [
        Missing(
            label=Words(question.label),
            reason=wrong[question.code],
            href=url_for("online_call.write", application_id=application.id, section=section.code, _anchor=f"f-{question.code}"),
        )
        for section in form
        for question in section.questions
        if question.code in wrong
    ]


def after(application: Application, section: Section, then: str) -> str:
    """Say where to go after a section was saved: the next one, the one before, the overview, or to ask a superior."""
    codes = [each.code for each in questions.only_asked(questions.form_of(application.call.form), application.answers)]
    place = codes.index(section.code)
    if then == "stay":
        return url_for("online_call.follow", application_id=application.id)
    if then.startswith(ASK):
        return url_for("online_call.ask_superior", application_id=application.id, question=then.removeprefix(ASK))
    following = codes[place + 1] if place + 1 < len(codes) else CHECK
    if following == CHECK:
        return url_for("online_call.check", application_id=application.id)
    return url_for("online_call.write", application_id=application.id, section=following)


@dataclass(frozen=True)
class Followed:
    """Where a submitted application stands."""

    heading: Message
    kind: str
    """The shape of the status: ok half wait now warn bad."""
    status: Message
    place: Place | None
    ranking: Ranking | None
    reserve_number: int | None
    """Where it stands in the reserve list now; None where it does not wait, or nobody is called up any more."""
    ended: Message | None
    """When the reserve list ended on which it waited in vain."""
    cut_off: Decimal | None
    points: tuple[tuple[Words, Decimal, int], ...]
    """Criterion, own points, most points; empty before the ranking."""
    settled: Message | None
    """What separated it from the line above with the same total."""
    moved: Message | None
    """Which quota brought it in, or kept it out, at first; or why more points than the cut-off brought no place."""
    failed: tuple[Outcome, ...]
    """The conditions that are not met, once it was rejected."""
    may_withdraw: bool
    moments: tuple[tuple[str, Any, Message], ...]
    """State on the line, when, what."""


def followed(application: Application) -> Followed:
    """Say where a submitted application stands."""
    place = queries.place(application.id)
    ranking = judging.ranking_of(application.call_id)
    cut_off = offering.cut_off(ranking.id) if ranking and place else None
    standing = Standing(place.standing) if place else None
    in_vain = is_in_vain(standing, application.call.reserve_until, at=clock.now())
    reserve = offering.reserve_number(place) if place and standing is Standing.RESERVE and not in_vain else None
    heading, kind, status = IN_VAIN if in_vain else _heading(State(application.state), standing, reserve)
    rejected = application.state == State.NOT_ELIGIBLE
    return Followed(
        heading=heading,
        kind=kind,
        status=status,
        place=place,
        ranking=ranking,
        reserve_number=reserve,
        ended=_ended(application.call) if in_vain else None,
        cut_off=cut_off,
        points=_points(application, place) if place else (),
        settled=_settled(application, place),
        moved=_moved(application, place, ranking, cut_off),
        failed=tuple(each for each in queries.outcomes(application.id) if each.finding == Finding.FAIL) if rejected else (),
        may_withdraw=rules.why_not_withdraw(State(application.state), standing) is None,
        moments=tuple(_moments(application, place, ranking, clock.now())),
    )


def _heading(state: State, standing: Standing | None, reserve: int | None) -> tuple[Message, str, Message]:
    if standing is Standing.RESERVE:
        return Message("You are number {n} on the reserve list", n=reserve), "wait", Message("Reserve list")
    if standing is not None:
        return HEADINGS[standing]
    return STATES[state]


STATES = {
    State.SUBMITTED: (Message("Your application has arrived"), "half", Message("Submitted")),
    State.ELIGIBLE: (Message("Your application takes part in the selection"), "half", Message("In the selection")),
    State.NOT_ELIGIBLE: (Message("Your application does not meet a condition"), "bad", Message("Not eligible")),
    State.WITHDRAWN: (Message("You have withdrawn your application"), "bad", Message("Withdrawn")),
}
"""Heading, shape and status before the ranking."""

HEADINGS = {
    Standing.OFFERED: (Message("A place is offered to you"), "now", Message("Offer open")),
    Standing.ACCEPTED: (Message("You have a place in the course"), "ok", Message("Accepted")),
    Standing.DECLINED: (Message("You have declined the place"), "bad", Message("Declined")),
    Standing.LAPSED: (Message("The offer has lapsed"), "bad", Message("Lapsed")),
    Standing.WITHDRAWN: (Message("You have withdrawn your application"), "bad", Message("Withdrawn")),
    Standing.UNSUITABLE: (Message("Your application was not selected"), "bad", Message("Not selected")),
}
"""The same after the ranking."""

IN_VAIN = (Message("The reserve list has ended"), "bad", Message("Reserve list ended"))
"""The same for whom no place became free until then."""


def _ended(call: Call) -> Message:
    ended = When(call.reserve_until, call.cohort.zone)
    return Message("The reserve list ended on {moment}. Until then no place became free for you.", moment=ended)


def _points(application: Application, place: Place) -> tuple[tuple[Words, Decimal, int], ...]:
    counting = [each for each in queries.criteria(application.call_id) if each.counts]
    return tuple((each.title, Decimal(place.points.get(each.code, "0")), each.weight) for each in counting)


def _settled(application: Application, place: Place | None) -> Message | None:
    if place is None or place.settled_by is None:
        return None
    return notice.settled_oneself(place.settled_by, {each.code: each.title for each in queries.criteria(application.call_id)})


def _moved(application: Application, place: Place | None, ranking: Ranking | None, cut_off: Decimal | None) -> Message | None:
    if place is None or ranking is None:
        return None
    if not place.moved_by:
        return told.above_the_cut_off(place.total, cut_off, waits=place.standing == Standing.RESERVE)
    quotas, form = quotas_of(application.call.quotas), questions.form_of(application.call.form)
    return told.moved_oneself(place.moved_by, is_in=place.position > ranking.seats, quotas=quotas, form=form)


def _moments(application: Application, place: Place | None, ranking: Ranking | None, now: datetime) -> list[tuple[str, Any, Message]]:
    call, zone = application.call, application.call.cohort.zone
    line: list[tuple[str, Any, Message]] = [("past", When(application.submitted_at or now, zone), Message("Application received"))]
    if application.decided_at:
        line.append(("past", When(application.decided_at, zone), Message("Conditions checked")))
    elif application.withdrawn_at is None:
        line.append(("now", call.checked_by, Message("Conditions are checked by this day")))
    if listed := publications.provisional(application.call_id):
        line.append(("past", When(listed.published_at, zone), Message("Provisional ranking published")))
        until = listed.appeal_until or listed.published_at
        line.append(("past" if ranking or now >= until else "now", When(until, zone), Message("Last moment to appeal")))
    if ranking and place:
        line.append(("past", When(ranking.published_at, zone), Message("Ranking published")))
    elif application.state == State.ELIGIBLE:
        line.append(("now", call.ranked_by, Message("Places are offered by this day")))
    elif application.state == State.SUBMITTED:
        line.append(("next-up", call.ranked_by, Message("Places are offered by this day")))
    line += _of_place(place, call, now) if place else []
    if application.withdrawn_at:
        line.append(("missed", When(application.withdrawn_at, zone), Message("Application withdrawn")))
    return _with_one_now(line)


def _of_place(place: Place, call: Call, now: datetime) -> list[tuple[str, Any, Message]]:
    """List what became of a line of the ranking."""
    line: list[tuple[str, Any, Message]] = []
    zone = call.cohort.zone
    if place.offered_at and place.offer_until:
        line.append(("past", When(place.offered_at, zone), Message("Place offered")))
        if place.standing == Standing.OFFERED:
            line.append(("now", When(place.offer_until, zone), Message("Answer by this moment")))
        elif place.answered_at:
            line.append(("past", When(place.answered_at, zone), Message("Offer answered")))
        elif place.standing == Standing.LAPSED:
            line.append(("missed", When(place.offer_until, zone), Message("Offer lapsed without an answer")))
    if place.standing == Standing.RESERVE:
        state = "missed" if is_in_vain(place.standing, call.reserve_until, at=now) else "next-up"
        line.append((state, When(call.reserve_until, zone), Message("Last call from the reserve list")))
    return line


def _with_one_now(line: list[tuple[str, Any, Message]]) -> list[tuple[str, Any, Message]]:
    """Let only the first of what waits be what is now; the others come after it."""
    first = next((at for at, each in enumerate(line) if each[0] == "now"), None)
    return [each if each[0] != "now" or at == first else ("next-up", *each[1:]) for at, each in enumerate(line)]
