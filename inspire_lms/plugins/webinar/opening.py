"""What an administrator may set, as the rules want it."""

from datetime import timedelta

from inspire_lms.kernel.plugin import setting


def opens() -> timedelta:
    """Say how long before its start a webinar can be joined."""
    return timedelta(minutes=int(setting("webinar", "join_before_minutes")))


def close_within() -> timedelta:
    """Say how long after its end a register should be closed at the latest."""
    return timedelta(days=int(setting("webinar", "close_within_days")))
