"""What reports of meeting tools keep about people: of those who are none of ours, and of those who are erased, no name."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.plugins.webinar.models import Report
from inspire_lms.plugins.webinar.reports.matching import Participant

KEEP_UNCONFIRMED = timedelta(days=30)
"""How long a report waits for somebody to say who is who; nothing in it counts until then."""


def take_names(report: Report, keys: Collection[str]) -> None:
    """Take the names and addresses of the participants with *keys* out of a report; when they came and left stays."""
    report.rows = [["", "", *row[2:]] if Participant(row[0], row[1], ()).key in keys else row for row in report.rows]
    report.answers = {key: person_id for key, person_id in report.answers.items() if key not in keys}


def named(person_id: int) -> list[Mapping[str, Any]]:
    """Give what the confirmed reports say about a person: the report, and its rows as the tool wrote them."""
    found: list[Mapping[str, Any]] = []
    for report in session.scalars(select(Report).where(Report.confirmed_at.is_not(None)).order_by(Report.id)):
        keys = {key for key, answer in report.answers.items() if answer == person_id}
        rows = [row for row in report.rows if Participant(row[0], row[1], ()).key in keys]
        found += [{"report": report.name, "rows": rows}] if rows else []
    return found


def forget_person(person_id: int) -> None:
    """Take an erased person's names out of every report that was confirmed. Inside a transaction."""
    for report in session.scalars(select(Report).where(Report.confirmed_at.is_not(None))):
        keys = {key for key, answer in report.answers.items() if answer == person_id}
        if keys:
            take_names(report, keys)


def forget_unconfirmed() -> None:
    """Delete the reports that nobody confirmed in time; the work of webinar.forget_reports."""
    with transaction():
        session.execute(delete(Report).where(Report.confirmed_at.is_(None), Report.read_at <= clock.now() - KEEP_UNCONFIRMED))
