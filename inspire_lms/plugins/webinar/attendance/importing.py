"""Reports of meeting tools: read and shown first, counted only when a person has confirmed who is who."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from inspire_lms.kernel import audit, clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused, When
from inspire_lms.kernel.files import tidy_name
from inspire_lms.kernel.people.models import Person as PersonRow
from inspire_lms.kernel.people.names import told_apart
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.plugins.webinar import queries, rules
from inspire_lms.plugins.webinar.attendance import forgetting
from inspire_lms.plugins.webinar.models import Report, Stay, Webinar
from inspire_lms.plugins.webinar.reports import matching, reading
from inspire_lms.plugins.webinar.reports.matching import Match, Participant, Person
from inspire_lms.plugins.webinar.reports.meeting import Connection
from inspire_lms.plugins.webinar.rules import Source


@dataclass(frozen=True)
class Waiting:
    """A report that waits for somebody to confirm it, with its webinar's cohort."""

    id: int
    cohort_id: int
    webinar: Webinar
    report: Report
    matches: tuple[Match, ...]
    people: Mapping[int, str]
    """Who may have been there: trainers and trainees, by name."""
    answers: Mapping[str, int]
    """What was answered for earlier reports of the cohort, by the participant's key."""


def read(webinar_id: int, content: bytes, *, name: str, zone: str, by: int) -> Report:
    """Read a report and keep what it says, without counting it. The same file once more gives the same report.

    *zone* is that of the clock in the report. Raises NotThere, Invalid with what is wrong and where, or Refused.
    """
    with transaction():
        held = _open(webinar_id)
        digest = hashlib.sha256(content).hexdigest()
        known = session.scalar(select(Report).where(Report.webinar_id == webinar_id, Report.digest == digest))
        if known is not None:
            if known.confirmed_at is not None:
                raise Invalid(
                    {
                        "report": Reason(
                            "This file was imported on {when}; once more it would add nothing.", when=When(known.confirmed_at, held.zone)
                        )
                    }
                )
            return known
        found = reading.read(content, starts_at=held.starts_at, ends_at=held.ends_at, zone=zone)
        kept = Report(
            webinar_id=webinar_id,
            digest=digest,
            name=tidy_name(name),
            kind=found.kind,
            left_out=found.left_out,
            rows=[
                [_printable(one.name), _printable(one.email), one.came_at.isoformat(), one.left_at.isoformat()] for one in found.connections
            ],
            answers={},
            read_at=clock.now(),
            read_by=by,
        )
        session.add(kept)
        session.flush()
        return kept


def waiting(report_id: int) -> Waiting | None:
    """Find a report that is not confirmed yet, and say who is thought to be who."""
    report = session.get(Report, report_id)
    held = queries.webinar(report.webinar_id) if report and report.confirmed_at is None else None
    if report is None or held is None:
        return None
    people = _people(held)
    answers = _earlier_answers(held.cohort_id)
    found = matching.matches(_participants(report), people, answers)
    return Waiting(
        report.id, held.cohort_id, held, report, found, told_apart((each.id, each.names[0], each.email) for each in people), answers
    )


def confirm(report_id: int, *, answers: Mapping[str, int | None], by: int) -> int:
    """Count the connections of those named in *answers* (participant's key to person, None for nobody); say how many are new.

    Of those who are nobody of the group the report keeps no name from then on.
    Raises NotThere, Invalid when a participant has no answer or the wrong one, Refused when the register was closed meanwhile.
    """
    with transaction():
        _lock(report_id)
        found = waiting(report_id)
        if found is None:
            raise NotThere
        _open(found.webinar.id)
        unanswered = [one.participant for one in found.matches if one.participant.key not in answers]
        strangers = [person_id for person_id in answers.values() if person_id is not None and person_id not in found.people]
        if unanswered or strangers:
            raise Invalid(Reason("Say of each participant who it is, or that it is nobody of this group."))
        added = sum(_count(found, one.participant, answers[one.participant.key]) for one in found.matches)
        found.report.answers = {key: answers[key] for key in sorted(answers)}
        forgetting.take_names(found.report, {key for key, person_id in answers.items() if person_id is None})
        found.report.confirmed_at, found.report.confirmed_by = clock.now(), by
        audit.record(
            "webinar.report_imported",
            ("webinar_webinar", found.webinar.id),
            by=by,
            after={"kind": found.report.kind, "digest": found.report.digest, "connections": added},
            cohort_id=found.cohort_id,
        )
        return added


def drop(report_id: int) -> int:
    """Forget a report that is not confirmed; give its webinar. Raises NotThere."""
    with transaction():
        report = _lock(report_id)
        if report is None or report.confirmed_at is not None:
            raise NotThere
        session.delete(report)
        return report.webinar_id


def confirmed(webinar_id: int) -> list[Report]:
    """List the reports that were counted, the first one first."""
    return list(
        session.scalars(
            select(Report).where(Report.webinar_id == webinar_id, Report.confirmed_at.is_not(None)).order_by(Report.confirmed_at)
        )
    )


def _count(found: Waiting, participant: Participant, person_id: int | None) -> int:
    """Add the connections of a participant that are not there yet."""
    if person_id is None:
        return 0
    rows = session.execute(
        select(Stay.came_at, Stay.left_at).where(
            Stay.webinar_id == found.webinar.id, Stay.person_id == person_id, Stay.source == Source.IMPORTED
        )
    )
    known = {(row.came_at, row.left_at) for row in rows}
    new = {(one.came_at, one.left_at) for one in participant.connections} - known
    for came, left in sorted(new):
        session.add(
            Stay(
                webinar_id=found.webinar.id,
                person_id=person_id,
                source=Source.IMPORTED,
                came_at=came,
                left_at=left,
                seen_at=left,
                report_id=found.report.id,
            )
        )
    session.flush()
    return len(new)


def _lock(report_id: int) -> Report | None:
    """Load a report so that two people who confirm it follow each other."""
    return session.scalar(select(Report).where(Report.id == report_id).with_for_update().execution_options(populate_existing=True))


def _open(webinar_id: int) -> Webinar:
    held = session.scalar(select(Webinar).where(Webinar.id == webinar_id).with_for_update())
    if held is None:
        raise NotThere
    if why := rules.why_not_record(held.state, held.starts_at, at=clock.now()):
        raise Refused(why)
    if held.closed_at:
        raise Refused(Reason("The register is closed. What a report would change can be entered by hand, with a reason."))
    return held


def _printable(text: str) -> str:
    """Leave out what no name has and no database takes: control characters."""
    return "".join(letter for letter in text if letter.isprintable())


def _participants(report: Report) -> tuple[Participant, ...]:
    return matching.participants(_connection(row) for row in report.rows)


def _connection(row: Any) -> Connection:  # noqa: ANN401 (what JSON gives)
    name, email, came, left = row
    return Connection(name, email, datetime.fromisoformat(came), datetime.fromisoformat(left))


def _people(held: Webinar) -> tuple[Person, ...]:
    wanted = {each.person_id for each in programmes.members(held.cohort_id)} | set(queries.leaders([held.id]).get(held.id, ()))
    rows = session.scalars(select(PersonRow).where(PersonRow.id.in_(wanted)).order_by(PersonRow.sort_key, PersonRow.id))
    return tuple(Person(each.id, tuple(dict.fromkeys([each.name, each.latin_name])), each.email) for each in rows)


def _earlier_answers(cohort_id: int) -> dict[str, int]:
    """Give what was answered about participants of earlier reports of the cohort, the latest answer last."""
    rows = session.scalars(
        select(Report.answers)
        .join(Webinar, Webinar.id == Report.webinar_id)
        .where(Webinar.cohort_id == cohort_id, Report.confirmed_at.is_not(None))
        .order_by(Report.confirmed_at)
    )
    return {key: int(person_id) for answers in rows for key, person_id in answers.items() if person_id is not None}
