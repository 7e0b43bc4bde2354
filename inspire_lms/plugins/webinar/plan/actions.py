"""Making, changing, publishing and cancelling webinars. Whoever is concerned is told by the job webinar.tell."""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import delete, select

from inspire_lms.contracts.attendance import WebinarScheduled
from inspire_lms.kernel import audit, bus, clock, jobs
from inspire_lms.kernel.curriculum import queries as curriculum
from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.webinar import planning, queries, rules
from inspire_lms.plugins.webinar.models import Leader, Plan, Webinar
from inspire_lms.plugins.webinar.plan import clashes
from inspire_lms.plugins.webinar.plan.clashes import Clash
from inspire_lms.plugins.webinar.plan.queries import trainers
from inspire_lms.plugins.webinar.rules import State

Asking = Callable[[tuple[Clash, ...]], Reason | None]
"""Says why something is not done although something speaks against a time; None lets it be done."""


def plan_from_pattern(cohort_id: int, *, by: int | None) -> list[Webinar]:
    """Plan a webinar for each unit of the course, on the dates of the edition's pattern; trainers take turns.

    Raises NotThere without a cohort, Refused without a pattern, when there are webinars, or for an hour that the
    change of clocks takes.
    """
    with transaction():
        cohort = _cohort(cohort_id)
        kept = session.scalar(select(Plan).where(Plan.cohort_id == cohort_id).with_for_update())
        if kept is None:
            raise Refused(Reason("The file of this edition says nothing about the webinars of this country."))
        if queries.of_cohort(cohort_id):
            raise Refused(Reason("There are webinars in the plan already. Add further ones one by one."))
        pattern = queries.pattern(kept)
        units = curriculum.units(cohort.edition.framework_id)
        turns = _turns(cohort, pattern.trainers)
        made = []
        for place, (unit, local) in enumerate(zip(units, planning.starts(pattern, len(units)), strict=True)):
            one = _made(cohort, unit.number, unit.title, local, pattern.minutes, unit_id=unit.id)
            one.link, one.host_link = pattern.link, pattern.host_link
            _lead(one, turns[place % len(turns) :][:1] if turns else ())
            made.append(one)
        audit.record(
            "webinar.planned",
            ("programmes_cohort", cohort_id),
            by=by,
            after={"webinars": len(made), "first": made[0].wall_clock},
            cohort_id=cohort_id,
        )
        return made


def create(
    cohort_id: int, *, number: int, title: str, local: datetime, minutes: int, leaders: Iterable[int], link: str, host_link: str, by: int
) -> Webinar:
    """Plan one more webinar; *local* is on the wall clock of the cohort. Raises NotThere, Invalid or Refused."""
    with transaction():
        cohort = _cohort(cohort_id)
        numbers = [row.number for row in queries.of_cohort(cohort_id)]
        _check(local, minutes, taken=numbers, number=number, link=link, host_link=host_link)
        unit = next((each for each in curriculum.units(cohort.edition.framework_id) if each.number == number), None)
        words = Words({cohort.language: title}) if title else unit.title if unit else None
        if words is None:
            raise Invalid({"title": Reason("There is no unit with this number; write a title.")})
        one = _made(cohort, number, words, local, minutes, unit_id=unit.id if unit else None)
        one.link, one.host_link = link, host_link
        _lead(one, _only_trainers(cohort, leaders))
        audit.record("webinar.planned", ("webinar_webinar", one.id), by=by, after=_facts(one), cohort_id=cohort_id)
        return one


def change(
    webinar_id: int,
    *,
    local: datetime,
    minutes: int,
    leaders: Iterable[int],
    link: str,
    host_link: str,
    reason: str,
    by: int,
    why_not: Asking | None = None,
) -> Webinar:
    """Move a webinar, give it to other trainers, or set where it meets; *local* is on the wall clock of the cohort.

    What is published needs a *reason* when its time or its trainers change, and everybody is told. A new address of the
    meeting needs none and can be set until the register is closed. *why_not* says why what is published may not move
    although something speaks against its new time. Raises NotThere, Invalid or Refused.
    """
    with transaction():
        one = _locked(webinar_id)
        cohort = _cohort(one.cohort_id)
        chosen = tuple(_only_trainers(cohort, leaders))
        before, led = _facts(one), queries.leaders([one.id]).get(one.id, ())
        _check(local, minutes, taken=[], number=one.number, link=link, host_link=host_link)
        if (local, minutes, set(chosen)) != (one.local, one.minutes, set(led)):
            if why := rules.why_not_change(one.state, one.starts_at, one.closed_at, reason, at=clock.now()):
                raise Refused(why)
            _move(one, local, minutes)
            _lead(one, chosen)
            if one.state == State.PUBLISHED:
                one.reason = reason
                _ask(why_not, cohort, [webinar_id])
            _changed(one, removed=[each for each in led if each not in chosen])
        _meet_at(one, link, host_link)
        after = {**_facts(one), "reason": reason}
        audit.record("webinar.changed", ("webinar_webinar", one.id), by=by, before=before, after=after, cohort_id=one.cohort_id)
        return one


def publish(webinar_ids: Sequence[int], *, by: int | None, why_not: Asking | None = None) -> int:
    """Announce webinars of one cohort; say how many. Raises NotThere or Refused, and then none is announced.

    *why_not* says why they may not be announced although something speaks against a time.
    """
    with transaction():
        for webinar_id in webinar_ids:
            one = _locked(webinar_id)
            if why := rules.why_not_publish(one.number, one.state, one.ends_at, at=clock.now()):
                raise Refused(why)
            one.state, one.published_at = State.PUBLISHED, clock.now()
            _changed(one, is_new=True)
            audit.record("webinar.published", ("webinar_webinar", one.id), by=by, after=_facts(one), cohort_id=one.cohort_id)
        if webinar_ids:
            _ask(why_not, _cohort(one.cohort_id), webinar_ids)
        return len(webinar_ids)


def cancel(webinar_id: int, *, reason: str, by: int) -> Webinar:
    """Cancel a published webinar; it stays in every calendar, as cancelled. Raises NotThere or Refused."""
    with transaction():
        one = _locked(webinar_id)
        if why := rules.why_not_cancel(one.state, one.starts_at, one.closed_at, reason, at=clock.now()):
            raise Refused(why)
        one.state, one.cancelled_at, one.reason = State.CANCELLED, clock.now(), reason
        _changed(one)
        audit.record("webinar.cancelled", ("webinar_webinar", one.id), by=by, after={"reason": reason}, cohort_id=one.cohort_id)
        return one


def remove(webinar_id: int, *, by: int) -> None:
    """Take out of the plan what nobody was told of. Raises NotThere or Refused."""
    with transaction():
        one = _locked(webinar_id)
        if one.state != State.PLANNED:
            raise Refused(Reason("This webinar has been announced. Cancel it, so that everybody is told."))
        audit.record("webinar.removed", ("webinar_webinar", one.id), by=by, before=_facts(one), cohort_id=one.cohort_id)
        session.execute(delete(Leader).where(Leader.webinar_id == one.id))
        session.delete(one)


def _changed(one: Webinar, *, is_new: bool = False, removed: Iterable[int] = ()) -> None:
    """Let what follows from a change of the time, the trainers or the state follow."""
    one.changed_at = clock.now()
    if one.state == State.PLANNED:
        return
    one.sequence += 0 if is_new else 1
    session.flush()
    jobs.later("webinar.tell", key=f"webinar.tell:{one.id}:{one.sequence}", webinar_id=one.id, moved=not is_new, removed=list(removed))
    if one.state == State.PUBLISHED and one.starts_at - rules.REMIND_BEFORE > clock.now():
        key = f"webinar.remind:{one.id}:{one.sequence}"
        jobs.later("webinar.remind", key=key, at=one.starts_at - rules.REMIND_BEFORE, webinar_id=one.id, sequence=one.sequence)
    bus.announce(WebinarScheduled(one.cohort_id, one.id, one.starts_at, cancelled=one.state == State.CANCELLED))


def _ask(why_not: Asking | None, cohort: Cohort, webinar_ids: Sequence[int]) -> None:
    """Raise Refused when something speaks against a time and nobody has agreed to it; None agrees to everything."""
    if why_not and (why := why_not(clashes.among(cohort, webinar_ids))):
        raise Refused(why)


def _cohort(cohort_id: int) -> Cohort:
    found = programmes.cohort(cohort_id)
    if found is None:
        raise NotThere
    return found


def _locked(webinar_id: int) -> Webinar:
    found = session.scalar(select(Webinar).where(Webinar.id == webinar_id).with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotThere
    return found


def _made(cohort: Cohort, number: int, title: Words, local: datetime, minutes: int, *, unit_id: int | None) -> Webinar:
    host = urlsplit(str(current_app.config["INSPIRE"].base_url)).hostname or "inspire"
    one = Webinar(
        cohort_id=cohort.id,
        unit_id=unit_id,
        number=number,
        title=title,
        state=State.PLANNED,
        zone=cohort.zone,
        uid=f"{secrets.token_hex(16)}@{host}",
        sequence=0,
        changed_at=clock.now(),
        reason="",
    )
    _set_time(one, local, minutes)
    session.add(one)
    session.flush()
    return one


def _set_time(one: Webinar, local: datetime, minutes: int) -> None:
    """Keep the time on the wall, and the moment that follows from it."""
    try:
        starts_at = clock.aware(local, one.zone)
    except ValueError as error:
        raise Invalid({"starts": error.args[0]}) from None
    one.wall_clock = local.isoformat(timespec="minutes")
    one.starts_at, one.ends_at, one.minutes = starts_at, starts_at + timedelta(minutes=minutes), minutes


def _move(one: Webinar, local: datetime, minutes: int) -> None:
    """Give a webinar another time, or the one that it has; those who were told of it cannot be called into the past."""
    has_moved = local != one.local
    _set_time(one, local, minutes)
    if has_moved and (why := rules.why_not_move_to(one.state, one.starts_at, one.zone, at=clock.now())):
        raise Invalid({"starts": why})


def _meet_at(one: Webinar, link: str, host_link: str) -> None:
    if (link, host_link) == (one.link, one.host_link):
        return
    if why := rules.why_not_set_addresses(one.state, one.closed_at):
        raise Refused(why)
    one.link, one.host_link = link, host_link


def _check(local: datetime, minutes: int, *, taken: Iterable[int], number: int, link: str, host_link: str) -> None:
    wrong = {"link": planning.why_not_link(link), "host_link": planning.why_not_link(host_link)}
    if why := planning.why_not_plan(local, minutes, list(taken), number):
        wrong["number" if number in taken else "minutes"] = why
    if reasons := {name: reason for name, reason in wrong.items() if reason}:
        raise Invalid(reasons)


def _turns(cohort: Cohort, addresses: Iterable[str]) -> tuple[int, ...]:
    """List who leads by turns: those named in the file who are trainers here, else all trainers."""
    may_lead = trainers(cohort.context_id)
    named = people.by_emails(addresses)
    chosen = [person_id for person_id in named.values() if person_id in may_lead]
    return tuple(chosen or may_lead)


def _only_trainers(cohort: Cohort, wanted: Iterable[int]) -> list[int]:
    may_lead, chosen = trainers(cohort.context_id), list(dict.fromkeys(wanted))
    if any(each not in may_lead for each in chosen):
        raise Invalid({"leaders": Reason("Choose among those who are trainers in this country.")})
    return chosen


def _lead(one: Webinar, person_ids: Iterable[int]) -> None:
    session.execute(delete(Leader).where(Leader.webinar_id == one.id))
    session.add_all([Leader(webinar_id=one.id, person_id=each) for each in person_ids])
    session.flush()


def _facts(one: Webinar) -> Mapping[str, Any]:
    """Say what the audit keeps of a webinar; the host link is not for everybody who reads it."""
    return {
        "number": one.number,
        "starts": one.wall_clock,
        "minutes": one.minutes,
        "trainers": list(queries.leaders([one.id]).get(one.id, ())),
        "link": one.link,
    }
