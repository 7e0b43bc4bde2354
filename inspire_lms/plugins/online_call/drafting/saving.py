"""Saving a draft, from any number of devices."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import NotThere, Refused
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.online_call import rules
from inspire_lms.plugins.online_call.drafting import versions
from inspire_lms.plugins.online_call.models import Application, Call
from inspire_lms.plugins.online_call.rules import State, Window


@dataclass(frozen=True)
class Saved:
    """What became of a save."""

    at: datetime
    """When the draft was saved last: now, or earlier when everything was held back."""
    answers: Mapping[str, Any]
    """What was saved."""
    overtaken: Mapping[str, Any]
    """What stands in the draft and is not what the page has seen: the new answers to these questions are held back."""


def save(application_id: int, answers: Mapping[str, Any], *, seen: str = "", by: int) -> Saved:
    """Keep *answers* in a draft beside those that are there; *seen* is the version of the page (see versions), empty to ask nothing.

    An answer that another device has changed since the page saw it is held back. Raises NotThere when it is not the person's own,
    Refused when it is no draft or the call is not open.
    """
    with transaction():
        row = session.execute(
            select(Application.state, Application.answers, Application.saved_at, Call.opens_at, Call.closes_at, Cohort.zone)
            .join(Call, Application.call_id == Call.id)
            .join(Cohort, Call.cohort_id == Cohort.id)
            .where(Application.id == application_id, Application.person_id == by)
            .with_for_update(of=Application, key_share=True)
        ).one_or_none()
        if row is None:
            raise NotThere
        now = clock.now()
        if reason := rules.why_not_change(State(row.state), Window(row.opens_at, row.closes_at, row.zone), at=clock.arrived()):
            raise Refused(reason)
        kept, overtaken = versions.merged(row.answers, answers, seen)
        if overtaken and not kept:
            return Saved(row.saved_at, kept, overtaken)
        values = {"answers": {**row.answers, **kept}, "saved_at": now}
        session.execute(update(Application).where(Application.id == application_id).values(**values))
        return Saved(now, kept, overtaken)
