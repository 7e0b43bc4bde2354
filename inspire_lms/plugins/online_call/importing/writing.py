"""Writing applications that came on paper: a hundred at a time, in one transaction of the caller."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select

from inspire_lms.kernel import audit, clock, jobs
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people import profile
from inspire_lms.kernel.people.names import tidy
from inspire_lms.plugins.online_call import eligibility, rules
from inspire_lms.plugins.online_call.announcing import queries as announced
from inspire_lms.plugins.online_call.applying import actions as applying
from inspire_lms.plugins.online_call.applying import attached
from inspire_lms.plugins.online_call.authorising import erasing
from inspire_lms.plugins.online_call.authorising.models import Authorisation
from inspire_lms.plugins.online_call.eligibility import Rule
from inspire_lms.plugins.online_call.importing import examining, queries
from inspire_lms.plugins.online_call.importing.entries import Entry
from inspire_lms.plugins.online_call.importing.models import Import, Imported
from inspire_lms.plugins.online_call.importing.rules import Target
from inspire_lms.plugins.online_call.models import Application, Attachment, Call, Outcome
from inspire_lms.plugins.online_call.questions import asked, form_of
from inspire_lms.plugins.online_call.rules import State

AT_ONCE = 100
"""Applications that are written together; what a hundred take in statements and memory, five thousand take fifty times."""

RECEIPTS = "online_call.receipts"
"""The kind of job that writes the receipts of some rows of an import."""


def write(held: Import, targets: Sequence[Target], *, by: int) -> None:
    """Write the rows of *targets*, numbered in their order, and ask for their receipts. Inside a transaction that holds the call."""
    call = held.call
    _hold_drafts(call.id, [each.person_id for each in targets if each.person_id is not None])
    numbers = _numbers(call, targets)
    found = eligibility.rules_of(call.eligibility)
    wanted = {each.row: each for each in targets}
    versions = announced.moments(call.id)
    for some in _some(held, wanted):
        people = _people(some, wanted, by=by, cohort_id=call.cohort_id)
        _clear_drafts(call.id, list(people.values()))
        rows = [_application(entry, call.id, people[entry.row], numbers[entry.row], versions) for entry in some]
        stored = session.execute(insert(Application).returning(Application.person_id, Application.id), rows)
        ids = {row.person_id: row.id for row in stored}
        _follow(held, [(ids[people[entry.row]], people[entry.row], wanted[entry.row], entry) for entry in some], found, by=by)
        first, last = some[0].row, some[-1].row
        jobs.later(RECEIPTS, key=f"{RECEIPTS}:{held.id}:{first}", import_id=held.id, first=first, last=last)


def _hold_drafts(call_id: int, person_ids: Sequence[int]) -> None:
    """Hold what is to be deleted, before the register: whoever submits or attaches at the same moment holds them in this order, too."""
    begun = select(Application.id).where(queries.drafts(call_id, person_ids)).order_by(Application.id)
    session.execute(begun.with_for_update(of=Application, key_share=True)).all()


def _numbers(call: Call, targets: Sequence[Target]) -> dict[int, str]:
    """Take the protocol numbers of all rows from the country's register at once; who came first gets the lower one."""
    first = applying.take_numbers(call.cohort.country, len(targets))
    zone, country = ZoneInfo(call.cohort.zone), call.cohort.country
    return {
        each.row: rules.protocol_number(country, each.received_at.astimezone(zone).year, number)
        for number, each in enumerate(targets, start=first)
    }


def _some(held: Import, wanted: Mapping[int, Target]) -> Iterator[list[Entry]]:
    content, kind = examining.content_of(held)
    some: list[Entry] = []
    for entry, _wrong in examining.read(held.call, content, held.name, kind):
        if entry is not None and entry.row in wanted:
            some.append(entry)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _people(some: Sequence[Entry], wanted: Mapping[int, Target], *, by: int, cohort_id: int) -> dict[int, int]:
    """Give the person of each row; who has no account gets one, without a password."""
    new = [each for each in some if wanted[each.row].person_id is None]
    added = profile.add_all((each.email, each.given, each.family, each.language) for each in new)
    prepared = {person_id: (person_id, None) for person_id in added.values()}
    audit.record_all("online_call.account-prepared", "people_person", prepared, by=by, cohort_id=cohort_id)
    return {each.row: wanted[each.row].person_id or added[each.email] for each in some}


def _clear_drafts(call_id: int, person_ids: Sequence[int]) -> None:
    """Delete what was begun online by those whose paper counts, and the mails to whom they had named; they were asked about."""
    begun = queries.drafts(call_id, person_ids)
    drafts = select(Application.id).where(begun)
    attached.remove(Attachment.application_id.in_(drafts))
    erasing.forget(Authorisation.application_id.in_(drafts))
    session.execute(delete(Application).where(begun))


def _application(entry: Entry, call_id: int, person_id: int, number: str, versions: Mapping[int, datetime]) -> dict[str, Any]:
    return {
        "call_id": call_id,
        "person_id": person_id,
        "state": State.SUBMITTED,
        "answers": dict(entry.answers),
        "administration": tidy(str(entry.answers.get("administration", ""))),
        "begun_at": entry.received_at,
        "saved_at": clock.now(),
        "submitted_at": entry.received_at,
        "protocol_number": number,
        "notice_version": announced.held_at(versions, entry.received_at),
    }


def _follow(held: Import, written: Sequence[tuple[int, int, Target, Entry]], found: Sequence[Rule], *, by: int) -> None:
    """Let the rules look at applications (id, person, target, entry), and keep that and how they came."""
    form = form_of(held.call.form)
    looked = [
        outcome
        for number, _person, target, entry in written
        for outcome in applying.outcomes(
            number, found, entry.answers, entry.on_paper, target.email, asked=asked(form, entry.answers)
        )
    ]
    if looked:
        session.execute(insert(Outcome), looked)
    came = [{"application_id": number, "import_id": held.id, "line": entry.row} for number, _person, _target, entry in written]
    session.execute(insert(Imported), came)
    entered = {
        number: (person_id, {"import": held.id, "row": entry.row, "answer": target.answer}) for number, person_id, target, entry in written
    }
    audit.record_all("online_call.entered", "application", entered, by=by, cohort_id=held.call.cohort_id)
