"""What the pages show of a notice's versions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from inspire_lms.plugins.online_call.announcing import queries, snapshot
from inspire_lms.plugins.online_call.announcing.models import NoticeVersion
from inspire_lms.plugins.online_call.announcing.queries import Step
from inspire_lms.plugins.online_call.announcing.told import Told, told
from inspire_lms.plugins.online_call.applying import notice
from inspire_lms.plugins.online_call.models import Application


@dataclass(frozen=True)
class Shown:
    """A version as a list shows it."""

    version: NoticeVersion
    changes: tuple[Told, ...]

    @property
    def is_first(self) -> bool:
        """Say whether nothing was before it."""
        return self.version.number == 1


def versions(call_id: int) -> list[Shown]:
    """List the versions of a notice, the latest first, each with what changed."""
    return [Shown(step.version, told(step)) for step in reversed(queries.steps(queries.versions(call_id)))]


def since(application: Application) -> list[Shown]:
    """List what changed since a draft was begun, or since an application was submitted, the latest first."""
    at = application.submitted_at or application.begun_at
    return [Shown(step.version, told(step)) for step in reversed(queries.since(application.call_id, at))]


def as_it_was(step: Step, at: datetime) -> dict[str, Any]:
    """Lay out a version as the page of the call showed it."""
    version = step.version
    call = snapshot.call_of(version.snapshot, version.call)
    laid_out = notice.of(call, at, snapshot.criteria_of(version.snapshot))
    latest = queries.latest(version.call_id)
    return {
        "call": call, "notice": laid_out, "ranking": None, "own": None, "now": at,
        "as_it_was": Shown(version, told(step)), "latest": latest, "versions": [],
    }  # fmt: skip


def name_of(version: NoticeVersion, language: str) -> str:
    """Name the file of a version."""
    return f"notice-{version.snapshot['country'].lower()}-{version.number}-{language}.pdf"
