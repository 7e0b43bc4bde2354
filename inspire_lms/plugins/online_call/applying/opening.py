"""Opening calls: what an edition file says becomes the call of each cohort."""

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, exists, select

from inspire_lms.kernel import audit
from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.kernel.errors import Reason, Refused
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.online_call.announcing import actions as announcing
from inspire_lms.plugins.online_call.applying import queries
from inspire_lms.plugins.online_call.edition import CallPart
from inspire_lms.plugins.online_call.judging.holding import hold_call
from inspire_lms.plugins.online_call.marking import correcting
from inspire_lms.plugins.online_call.models import Application, Call, Criterion, Register
from inspire_lms.plugins.online_call.offering import resizing
from inspire_lms.plugins.online_call.posting import announcing as by_rule
from inspire_lms.plugins.online_call.ranking import quotas


def load(edition_id: int, parts: Mapping[str, CallPart], by: int | None) -> None:
    """Open the call of each cohort of an edition, or bring it up to date.

    Once somebody has begun an application only dates and texts may change: raises Refused when the form, the rules or
    the way to rank would; when the criteria would, unless the file confirms what that does to the evaluations; and when a
    change harms somebody or is not explained. What is new makes a version of the notice; the same file again makes none.
    """
    with transaction():
        here = [cohort for cohort in programmes.cohorts(edition_id) if cohort.country in parts]
        _refuse_what_is_not_confirmed(here, parts)
        for cohort in here:
            if reason := quotas.why_not_reserve(parts[cohort.country].quotas, parts[cohort.country].form, seats=cohort.seats):
                raise Refused(Reason("{country}: {reason}", country=cohort.country_name, reason=reason))
            _open(cohort, parts[cohort.country], by)


def _refuse_what_is_not_confirmed(cohorts: Sequence[Cohort], parts: Mapping[str, CallPart]) -> None:
    """Refuse other criteria for all countries at once, so that they can be confirmed in one go."""
    calls = [(queries.call_of_cohort(cohort.id), parts[cohort.country]) for cohort in cohorts]
    found = (correcting.why_not(call, part) for call, part in calls if call is not None and _is_used(call.id))
    if reasons := {f"part{place}": reason for place, reason in enumerate(found) if reason}:
        together = " ".join(f"{{{name}}}" for name in reasons)
        raise Refused(Reason(together, **reasons))


def _open(cohort: Cohort, part: CallPart, by: int | None) -> None:
    known = session.scalar(select(Call.id).where(Call.cohort_id == cohort.id))
    call = hold_call(known) if known else None
    fixed, free = _fixed(part), _free(part)
    was = announcing.before(call) if call else None
    if call is None:
        call = Call(cohort_id=cohort.id, version=1, explains_extremes=part.explains_extremes, **fixed, **free)
        session.add(call)
        session.flush()
        _weigh(call.id, part)
    elif _is_used(call.id):
        if any(getattr(call, name) != value for name, value in fixed.items()):
            country = cohort.country_name
            raise Refused(Reason("{country}: applications have been begun, so form and rules are fixed.", country=country))
        correcting.correct(call, part, by)
        _change(call, free)
    else:
        _change(call, fixed | free | {"explains_extremes": part.explains_extremes})
        session.execute(delete(Criterion).where(Criterion.call_id == call.id))
        _weigh(call.id, part)
    session.flush()
    announcing.announce(call, was, part.reason or _why_corrected(part), by=by)
    if was is not None:
        resizing.follow(call, was.version.snapshot["seats"], by=by)
    if session.get(Register, cohort.country) is None:
        session.add(Register(country=cohort.country, last=0))
    by_rule.load(call, part.messages)
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
        "annexes": [dict(each) for each in part.annexes],
        "privacy": dict(part.privacy),
        "draft_remind_hours": part.draft_remind_hours,
        "phases": [phase.stored() for phase in part.phases],
        "appeal_days": part.appeal_days,
        "public_until": part.public_until,
        "kept_days": part.kept_days,
        "private_days": part.private_days,
    }


def _weigh(call_id: int, part: CallPart) -> None:
    session.add_all(
        Criterion(
            call_id=call_id,
            position=place,
            code=each.code,
            title=Words(each.title),
            about=Words(each.about),
            weight=each.weight,
            levels=[level.stored() for level in each.levels],
            counts=each.counts,
        )
        for place, each in enumerate(part.criteria, start=1)
    )
    session.flush()


def _why_corrected(part: CallPart) -> Mapping[str, str]:
    """Explain corrected criteria to the applicants with what explains them to the evaluators."""
    return part.correction.why if part.correction else {}


def _is_used(call_id: int) -> bool:
    return bool(session.scalar(select(exists().where(Application.call_id == call_id))))
