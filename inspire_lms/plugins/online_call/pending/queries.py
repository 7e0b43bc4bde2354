"""Counts of what waits. Three statements, and the database does the counting: 5,000 applications cost hardly more than ten."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    bindparam,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from inspire_lms.kernel.db import Exact, Moment, session
from inspire_lms.kernel.mail import UNSENT, Mail, MailState
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.online_call.appealing.models import Appeal
from inspire_lms.plugins.online_call.appealing.rules import AppealState
from inspire_lms.plugins.online_call.authorising.models import Authorisation
from inspire_lms.plugins.online_call.authorising.rules import RequestState
from inspire_lms.plugins.online_call.correcting import queries as corrections
from inspire_lms.plugins.online_call.correcting.models import Correction
from inspire_lms.plugins.online_call.correcting.rules import CorrectionState
from inspire_lms.plugins.online_call.importing.models import Import
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.mending import queries as mendings
from inspire_lms.plugins.online_call.mending.models import Mending
from inspire_lms.plugins.online_call.models import Application, Call, Review
from inspire_lms.plugins.online_call.offering.models import Place, Ranking
from inspire_lms.plugins.online_call.overriding import queries as proposals
from inspire_lms.plugins.online_call.overriding.models import Override
from inspire_lms.plugins.online_call.overriding.rules import OverrideState
from inspire_lms.plugins.online_call.overview import memory
from inspire_lms.plugins.online_call.pending.rules import NOBODY, Count, Found, What
from inspire_lms.plugins.online_call.posting.models import Letter
from inspire_lms.plugins.online_call.recusing.queries import Applied
from inspire_lms.plugins.online_call.rules import REVIEWS, STEPPED_BACK, Phase, ReviewState, Standing, State
from inspire_lms.plugins.online_call.seconding.models import ByTwo
from inspire_lms.plugins.online_call.seconding.rules import PROPOSED

RESERVE, REOPENED, ASKED = BESIDE = ("reserve", "reopened", "asked")
"""What is counted beside what waits: people on the reserve list, applications open again, first two evaluators who are asked."""
PLACES = 3
"""Differences of points are compared to so many places: SQLite reckons them as doubles."""
_CALL, _AT, _GAP = (bindparam(name, type_=of) for name, of in (("call", Integer()), ("at", Moment()), ("gap", Exact())))


def found(call: Call, at: datetime) -> Found:
    """Count what waits in a call at *at*.

    What only a deed can change is kept until the next one, or until the next time to mend is over; what also changes without a
    deed, such as letters and answers to offers, is counted each time.
    """
    states, is_final = judging.states(call.id), judging.is_published(call.id)
    is_closed = call.window.phase(at) is Phase.CLOSED
    # Who was in time can be written down a moment after the end, which is no deed of the committee.
    submitted = states.get(State.SUBMITTED, 0) if is_closed else None
    waiting, beside = memory.kept(
        call,
        ("waits", is_final, submitted),
        lambda: _counted_by(_statement(after_the_list=is_final, is_closed=is_closed), _by_evaluator(after_the_list=is_final), call, at),
        until=lambda counted: counted[0].get((What.MEND, None), NOBODY).first,
    )
    now, beside_now = _counted_by(_changing(), None, call, at)
    drafts, eligible = states.get(State.DRAFT, 0), states.get(State.ELIGIBLE, 0)
    # Somebody may withdraw between the two reads; then it is counted again with the next page.
    lacks = 0 if is_final else max(0, REVIEWS * eligible - beside[ASKED])
    lacking: dict[tuple[What, int | None], Count] = {(What.LACKS, None): Count(lacks)} if lacks else {}
    return Found({**waiting, **now, **lacking}, eligible, drafts, beside_now[RESERVE], beside[REOPENED])


def _counted_by(
    statement: CompoundSelect[Any], by_evaluator: Select[Any] | None, call: Call, at: datetime
) -> tuple[dict[tuple[What, int | None], Count], Counter[str]]:
    """Run it: what waits, and what is counted beside it."""
    waiting, beside = dict[tuple[What, int | None], Count](), Counter[str]()
    for what, whose, number, first, last, some_id in session.execute(statement, {"call": call.id, "at": at, "gap": call.gap}):
        if what in BESIDE:
            beside[what] = number
        elif number:
            waiting[What(what), whose] = Count(number, first, last, some_id)
    for evaluator_id, to_give, early in session.execute(by_evaluator, {"call": call.id}) if by_evaluator is not None else ():
        beside[ASKED] += early
        if to_give:
            waiting[What.EVALUATE, evaluator_id] = Count(to_give)
    return waiting, beside


@lru_cache(maxsize=4)
def _statement(*, after_the_list: bool, is_closed: bool) -> CompoundSelect[Any]:
    """Make the statement once: putting it together costs more than most of its counts. Nothing is decided on before the call closes."""
    return union_all(*_of_eligibility(is_closed=is_closed), _of_thirds(after_the_list=after_the_list), *_of_the_lists())


@lru_cache(maxsize=1)
def _changing() -> CompoundSelect[Any]:
    """Make the statement about what changes without a deed of the committee."""
    return union_all(_of_superiors(), *_of_offers(), *_of_letters())


def to_give(call: Call) -> dict[int, int]:
    """Count the evaluations of a call that are still to be given, by evaluator."""
    statement = _by_evaluator(after_the_list=judging.is_published(call.id))
    return {evaluator_id: number for evaluator_id, number, _early in session.execute(statement, {"call": call.id}) if number}


def proposed(kind: type[ByTwo], call_id: int) -> dict[int, list[Applied]]:
    """Say by who has proposed something that waits which applications that is about."""
    columns: tuple[Any, ...] = (kind.proposed_by_id, Application.id, Application.person_id, Application.administration)
    chosen: Select[Any] = select(*columns).join(Application, kind.application_id == Application.id)
    found: dict[int, list[Applied]] = {}
    for first, *applied in session.execute(chosen.where(Application.call_id == call_id, kind.state == PROPOSED)):
        found.setdefault(first, []).append(Applied(*applied))
    return found


def _counted(
    what: str, some: Any, *, whose: Any = None, first: Any = None, last: Any = None  # noqa: ANN401 (columns)
) -> Select[Any]:
    none = (cast(null(), Integer), cast(null(), Moment))
    columns = (
        literal(what).label("what"), (none[0] if whose is None else whose).label("whose"), func.count(some).label("number"),
        (none[1] if first is None else func.min(first)).label("first"), (none[1] if first is None else func.max(last)).label("last"),
        func.min(some).label("some_id"),
    )  # fmt: skip
    chosen: Select[Any] = select(*columns)
    return chosen if whose is None else chosen.group_by(whose)


def _of_eligibility(*, is_closed: bool) -> list[Select[Any]]:
    submitted = (Application.call_id == _CALL, Application.state == State.SUBMITTED)
    proposed, open_ = Application.id.in_(proposals.waiting_for_second()), Application.id.in_(mendings.still_open(_AT))  # type: ignore[arg-type]
    until = Mending.until
    first = [_counted(What.DECIDE, Application.id).where(*submitted, Application.decided_at.is_(None), ~proposed, ~open_)]
    return [
        *(first if is_closed else ()),
        _counted(What.DECIDE_ANEW, Application.id).where(*submitted, Application.decided_at.is_not(None), ~proposed),
        _counted(What.MEND, Application.id, first=until, last=until)
        .join(Mending, Mending.application_id == Application.id)
        .where(*submitted, Mending.mended_at.is_(None), until > _AT),
        _counted(What.SECOND, Override.id, whose=Override.proposed_by_id)
        .join(Application, Override.application_id == Application.id)
        .where(Application.call_id == _CALL, Override.state == OverrideState.PROPOSED),
    ]


def _of_superiors() -> Select[Any]:
    expires = Authorisation.expires_at
    return (
        _counted(What.SUPERIOR, Application.id, first=expires, last=expires)
        .join(Authorisation, Authorisation.application_id == Application.id)
        .where(Application.call_id == _CALL, Application.state == State.SUBMITTED, Authorisation.state == RequestState.ASKED, expires > _AT)
    )


@lru_cache(maxsize=2)
def _by_evaluator(*, after_the_list: bool) -> Select[Any]:
    """Count by evaluator what is still to be given, and for how many of the first two evaluations the person is asked, given or not."""
    columns: tuple[Any, ...] = (
        Review.evaluator_id, func.count().filter(Review.state == ReviewState.ASKED), func.count().filter(Review.turn <= REVIEWS)
    )  # fmt: skip
    joined = select(*columns).join(Application, Review.application_id == Application.id)
    chosen: Select[Any] = joined.where(*_judged(_CALL, after_the_list=after_the_list), Review.state.not_in(STEPPED_BACK))
    return chosen.group_by(Review.evaluator_id)


def _of_thirds(*, after_the_list: bool) -> Select[Any]:
    """Count the applications of which two evaluations are given and too far apart, and nobody is asked for a third."""
    first, second, third = aliased(Review), aliased(Review), aliased(Review)
    apart = func.round(func.abs(first.total - second.total), PLACES, type_=Exact())
    return (
        _counted(What.THIRD, Application.id)
        .join(first, _is_turn(first, 1) & (first.state == ReviewState.DONE))
        .join(second, _is_turn(second, REVIEWS) & (second.state == ReviewState.DONE))
        .where(*_judged(_CALL, after_the_list=after_the_list), apart > _GAP, ~select(third.id).where(_is_turn(third, REVIEWS + 1)).exists())
    )


def _is_turn(review: Any, turn: int) -> ColumnElement[bool]:  # noqa: ANN401 (an alias of the table)
    # The values are written into the statement: SQLite uses the index of the turns, which leaves out who has stepped back, only then.
    back: BindParameter[Any] = bindparam(None, STEPPED_BACK, expanding=True, literal_execute=True)
    return and_(
        review.application_id == Application.id, review.turn == literal(turn, literal_execute=True), review.state.not_in(back)
    )


def _of_the_lists() -> list[Select[Any]]:
    of_call = Application.call_id == _CALL
    corrections_ = {What.REOPEN: (CorrectionState.PROPOSED, Correction.proposed_by_id), REOPENED: (CorrectionState.REOPENED, None)}
    return [
        _counted(What.APPEAL, Appeal.id)
        .join(Application, Appeal.application_id == Application.id)
        .where(of_call, Appeal.state == AppealState.OPEN),
        *(
            _counted(what, Correction.id, whose=whose)
            .join(Application, Correction.application_id == Application.id)
            .where(of_call, Correction.state == state)
            for what, (state, whose) in corrections_.items()
        ),
    ]


def _of_offers() -> list[Select[Any]]:
    offered = Place.offer_until
    counts = (_counted(What.OFFER, Place.id, first=offered, last=offered), _counted(RESERVE, Place.id))
    standings = (Standing.OFFERED, Standing.RESERVE)
    return [
        each.join(Ranking, Place.ranking_id == Ranking.id).where(Ranking.call_id == _CALL, Place.standing == standing)
        for each, standing in zip(counts, standings, strict=True)
    ]


def _of_letters() -> list[Select[Any]]:
    return [
        *(
            _counted(what, Letter.mail_id).join(Mail, Letter.mail_id == Mail.id).where(Letter.call_id == _CALL, Mail.state.in_(states))
            for what, states in ((What.RELEASE, (MailState.HELD,)), (What.FAILED, UNSENT))
        ),
        _counted(What.IMPORT, Import.id, first=Import.read_at, last=Import.read_at).where(
            Import.call_id == _CALL, Import.confirmed_at.is_(None)
        ),
    ]


def _judged(call_id: Any, *, after_the_list: bool) -> Sequence[ColumnElement[bool]]:  # noqa: ANN401 (a number, or what stands for it)
    """Choose the applications that are being evaluated: all eligible ones, after the final list those that are open again."""
    chosen = (Application.call_id == call_id, Application.state == State.ELIGIBLE)
    return (*chosen, Application.id.in_(corrections.reopened())) if after_the_list else chosen


def _judged_of(call: Call) -> Sequence[ColumnElement[bool]]:
    return _judged(call.id, after_the_list=judging.is_published(call.id))


def listed_lacking(call: Call) -> Select[Any]:
    """Choose the applications that lack one of the first two evaluators, or a third, for a list in the order of their submission."""
    early, number = Review.turn <= REVIEWS, func.count(Review.id)
    done = (early, Review.state == ReviewState.DONE)
    apart = func.round(func.max(Review.total).filter(*done) - func.min(Review.total).filter(*done), PLACES, type_=Exact())
    is_third = and_(number.filter(*done) == REVIEWS, number.filter(~early) == 0, apart > call.gap)
    columns: tuple[Any, ...] = (Application.id, is_third.label("is_third"))
    inside = (
        select(*columns)
        .outerjoin(Review, (Review.application_id == Application.id) & Review.state.not_in(STEPPED_BACK))
        .where(*_judged_of(call))
        .group_by(Application.id)
        .having(or_(number.filter(early) < REVIEWS, is_third))
        .subquery()
    )
    shown: tuple[Any, ...] = (Application.id, Application.protocol_number, Application.administration, inside.c.is_third)
    chosen: Select[Any] = (
        select(*shown, Person.given_name, Person.family_name)
        .join(inside, Application.id == inside.c.id)
        .join(Person, Application.person_id == Person.id)
        .order_by(Application.submitted_at, Application.id)
    )
    return chosen


def listed_to_give(call: Call, evaluator_id: int | None) -> Select[Any]:
    """Choose the evaluations that are not given, of one evaluator or of all, those asked for first at the top."""
    columns: tuple[Any, ...] = (Review.id, Review.evaluator_id, Review.asked_at, Application.id.label("application_id"))
    chosen: Select[Any] = (
        select(*columns, Application.protocol_number, Application.administration, Person.given_name, Person.family_name)
        .join(Application, Review.application_id == Application.id)
        .join(Person, Application.person_id == Person.id)
        .where(*_judged_of(call), Review.state == ReviewState.ASKED)
        .order_by(Review.asked_at, Review.id)
    )
    return chosen if evaluator_id is None else chosen.where(Review.evaluator_id == evaluator_id)
