"""Who waits in vain: on a reserve list from which nobody is called up any more."""

from datetime import datetime, timedelta

from inspire_lms.plugins.online_call.rules import Standing

LATE = timedelta(days=30)
"""Whoever could not be told for so long is told by the page alone: a letter would come too late."""


def is_in_vain(standing: str | None, reserve_until: datetime, *, at: datetime) -> bool:
    """Say whether a line with this *standing* can be called up no more; at the last moment itself it still can."""
    return standing == Standing.RESERVE and at > reserve_until
