"""Who may be asked for an evaluation, for whom they work, and how much they have been asked for."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from inspire_lms.kernel.access import queries as access
from inspire_lms.kernel.db import session
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.people.names import fold
from inspire_lms.plugins.online_call.models import Application, Call, Review
from inspire_lms.plugins.online_call.rules import STEPPED_BACK


def evaluators(call: Call) -> list[int]:
    """List who may be asked without further ado: the evaluators of the country."""
    return access.people_with_role("evaluator", call.cohort.context_id)


def others(call: Call) -> list[int]:
    """List who may be asked when nobody else is left: evaluators, then the coordinators of the country."""
    return list(dict.fromkeys([*evaluators(call), *access.people_with_role("coordinator", call.cohort.context_id)]))


def employers(person_ids: Sequence[int]) -> dict[int, str]:
    """Give the administration of each of these people, folded for comparing; those who have not told are left out."""
    return {person: fold(work.organisation) for person, work in people.works_of(person_ids).items()}


def colleagues(employed: Mapping[int, str], administration: str) -> set[int]:
    """Say who of *employed* works for the same administration, however it is written."""
    wanted = fold(administration)
    return {person for person, employer in employed.items() if wanted and employer == wanted}


def loads(call_id: int) -> dict[int, int]:
    """Count the reviews that each evaluator of a call was asked for."""
    rows = session.execute(
        select(Review.evaluator_id, func.count())
        .join(Application, Review.application_id == Application.id)
        .where(Application.call_id == call_id, Review.state.not_in(STEPPED_BACK))
        .group_by(Review.evaluator_id)
    )
    return {row[0]: row[1] for row in rows}
