"""The minutes that are proposed for a decision; whoever decides adds what matters."""

from inspire_lms.kernel.i18n import _, on_day, show
from inspire_lms.plugins.certificate.earning import evidence
from inspire_lms.plugins.certificate.issuing.overview import Overview
from inspire_lms.plugins.certificate.rules import Kind


def proposed(seen: Overview, decider: str, *, by: int) -> str:
    """Propose the minutes of a decision: who, what was looked at, how many. Only who taught and graded nobody is said to have done so."""
    cohort, known = seen.cohort, seen.known
    is_apart = by not in evidence.teachers_of(cohort) and not any(by in one.graders for one in known.trainees)
    values = {"day": on_day(seen.today), "name": decider}
    asked_for = ", ".join(show(line.title) for one in known.trainees[:1] for line in one.standing.lines)
    earned = [one.standing.earned for one in known.trainees]
    lines = [
        _("Decision about certificates, {course}, {country}", course=cohort.edition.title.text(), country=cohort.country_name.text()),
        _("Date: {day}. Decided by: {name}, who has neither taught nor graded.", **values)
        if is_apart
        else _("Date: {day}. Decided by: {name}.", **values),
        _("Looked at: {criteria}.", criteria=asked_for),
        _("Members of the group: {n}.", n=len(earned)),
        _("People who met all criteria: {n}.", n=earned.count(Kind.COMPETENCE)),
        _("Attendance only: {n}.", n=earned.count(Kind.ATTENDANCE)),
        _("Criteria not met: {n}.", n=earned.count(None)),
        _("What is missing can no longer be met: {n}.", n=sum(one.standing.is_out_of_reach for one in known.trainees)),
        _("Names that are to be printed and were not confirmed: {n}.", n=seen.unanswered),
    ]
    return "\n".join(lines)
