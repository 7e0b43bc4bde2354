"""Opening calls: what an edition file says becomes the call of each cohort."""

from collections.abc import Mapping

from sqlalchemy import delete, exists, select

from inspire_lms.kernel import audit
from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.kernel.errors import Reason, Refused
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.online_call.edition import CallPart
from inspire_lms.plugins.online_call.models import Application, Call, Criterion, Register
from inspire_lms.plugins.online_call.posting import announcing
from inspire_lms.plugins.online_call.ranking import quotas


def load(edition_id: int, parts: Mapping[str, CallPart], by: int | None) -> None:
    """Open the call of each cohort of an edition, or bring it up to date.

    Once somebody has begun an application only dates and texts may change: raises Refused when the form, the
    criteria, the rules or the way to rank would.
    """
    with transaction():
        for cohort in programmes.cohorts(edition_id):
            if cohort.country in parts:
                if reason := quotas.why_not_reserve(parts[cohort.country].quotas, parts[cohort.country].form, seats=cohort.seats):
                    raise Refused(Reason("{country}: {reason}", country=cohort.country_name, reason=reason))
                _open(cohort, parts[cohort.country], by)


def _open(cohort: Cohort, part: CallPart, by: int | None) -> None:
    call = session.scalar(select(Call).where(Call.cohort_id == cohort.id))
    fixed, free = _fixed(part), _free(part)
    if call is None:
        call = Call(cohort_id=cohort.id, version=1, **fixed, **free)
        session.add(call)
        session.flush()
        _weigh(call.id, part)
    elif _is_used(call.id):
        if any(getattr(call, name) != value for name, value in fixed.items()) or _weights(call.id) != _asked(part):
            country = cohort.country_name
            raise Refused(Reason("{country}: applications have been begun, so form, criteria and rules are fixed.", country=country))
        _change(call, free)
    else:
        _change(call, fixed | free)
        session.execute(delete(Criterion).where(Criterion.call_id == call.id))
        _weigh(call.id, part)
    if session.get(Register, cohort.country) is None:
        session.add(Register(country=cohort.country, last=0))
    announcing.load(call, part.messages)
    after = {"opens": part.opens_at, "closes": part.closes_at, "version": call.version}
    audit.record("online_call.loaded", ("call", call.id), by=by, after=after, cohort_id=cohort.id)


def _change(call: Call, values: Mapping[str, object]) -> None:
    for name, value in values.items():
        setattr(call, name, value)
    call.version += 1


def _fixed(part: CallPart) -> dict[str, object]:
    """Give what the applications that have been begun rest upon."""
    return {
        "seed": part.seed,
        "chain": list(part.chain),
        "quotas": [quota.stored() for quota in part.quotas],
        "form": [section.stored() for section in part.form],
        "eligibility": [rule.stored() for rule in part.eligibility],
        "suitable_from": part.suitable_from,
        "gap": part.gap,
    }


def _free(part: CallPart) -> dict[str, object]:
    return {
        "title": Words(part.title),
        "heading": Words(part.heading),
        "lede": Words(part.lede),
        "opens_at": part.opens_at,
        "closes_at": part.closes_at,
        "checked_by": part.checked_by,
        "ranked_by": part.ranked_by,
        "reserve_until": part.reserve_until,
        "contact": part.contact,
        "prepare": [dict(each) for each in part.prepare],
        "offer_days": part.offer_days,
        "offer_until": f"{part.offer_until:%H:%M}",
        "remind_hours": part.remind_hours,
        "mend_days": part.mend_days,
    }


def _weigh(call_id: int, part: CallPart) -> None:
    session.add_all(
        Criterion(
            call_id=call_id, position=place, code=each.code, title=Words(each.title), about=Words(each.about), weight=each.weight
        )
        for place, each in enumerate(part.criteria, start=1)
    )
    session.flush()


def _is_used(call_id: int) -> bool:
    return bool(session.scalar(select(exists().where(Application.call_id == call_id))))


def _weights(call_id: int) -> list[tuple[str, int]]:
    rows = session.execute(select(Criterion.code, Criterion.weight).where(Criterion.call_id == call_id).order_by(Criterion.position))
    return [(row.code, row.weight) for row in rows]


def _asked(part: CallPart) -> list[tuple[str, int]]:
    return [(each.code, each.weight) for each in part.criteria]
