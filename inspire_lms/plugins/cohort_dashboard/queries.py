"""What the dashboard asks the others."""

from inspire_lms.contracts.assessment import BestResults
from inspire_lms.contracts.attendance import AttendanceShares
from inspire_lms.contracts.award import CertificatesOf
from inspire_lms.contracts.pages import CohortFigures, Figure
from inspire_lms.contracts.survey import SurveysOwed
from inspire_lms.kernel import bus
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.cohort_dashboard import figures


def cohort(cohort_id: int) -> Cohort | None:
    """Give a cohort."""
    return programmes.cohort(cohort_id)


def all_figures(cohort_id: int) -> list[Figure]:
    """Gather what the plugins know about a cohort in numbers."""
    return [one for answer in bus.gather(CohortFigures(cohort_id)) for one in answer]


def attendance(cohort_id: int) -> list[figures.Row]:
    """Gather how much of the webinars each trainee of a cohort attended, and nothing else."""
    return figures.rows(_members(cohort_id), bus.ask(AttendanceShares(cohort_id), default={}), {}, {}, {})


def people(cohort_id: int) -> list[figures.Row]:
    """Gather what is known about each trainee of a cohort; one question to each plugin, however many trainees there are."""
    return figures.rows(
        _members(cohort_id),
        bus.ask(AttendanceShares(cohort_id), default={}),
        bus.ask(BestResults(cohort_id), default={}),
        bus.ask(SurveysOwed(cohort_id), default={}),
        bus.ask(CertificatesOf(cohort_id), default={}),
    )


def _members(cohort_id: int) -> list[tuple[int, str]]:
    return [(member.person_id, member.name) for member in programmes.members(cohort_id)]
