"""What only the coordinator reads of an application, beside what evaluators read (applying.queries.for_evaluators)."""

from collections.abc import Mapping

from inspire_lms.plugins.online_call.applying.queries import Answered, copy_of
from inspire_lms.plugins.online_call.models import Application, Attachment
from inspire_lms.plugins.online_call.seeing.apart import kept_apart


def for_the_coordinator(application: Application, attached: Mapping[str, Attachment]) -> tuple[Answered, ...]:
    """Copy the answers that are kept from evaluators."""
    return copy_of(application.call.form, application.answers, attached, only=kept_apart(application.call))
