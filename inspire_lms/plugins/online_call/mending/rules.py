"""When something may be asked for again, until when it may be answered, and what waits for it."""

from datetime import datetime

from inspire_lms.kernel.errors import Reason, When
from inspire_lms.plugins.online_call.rules import State


def why_not_ask(state: State, *, was_asked: bool, has_mendable: bool) -> Reason | None:
    """Say why an applicant cannot be asked to mend."""
    if was_asked:
        return Reason("The applicant was asked once already: an application is mended only once.")
    if state is not State.SUBMITTED:
        return Reason("This application is decided on already, or withdrawn.")
    return None if has_mendable else Reason("The call lets no question be mended.")


def why_not_mend(state: State, until: datetime, zone: str, mended_at: datetime | None, *, at: datetime) -> Reason | None:
    """Say why an application cannot be mended at *at*: it can until the second of the deadline, and once."""
    if mended_at is not None:
        return Reason("You have mended your application already: that is done once.")
    if state is not State.SUBMITTED:
        return Reason("This application is decided on already, or withdrawn.")
    if at >= until:
        return Reason(
            "The time to mend it ended on {deadline}. By the clock of our server it is {now}.",
            deadline=When(until, zone),
            now=When(at, zone, to_the_second=True),
        )
    return None


def why_not_decide_yet(until: datetime, zone: str, mended_at: datetime | None, *, at: datetime) -> Reason | None:
    """Say that a decision waits while the applicant may still mend; afterwards one decides on what there is."""
    if mended_at is None and at < until:
        return Reason("The applicant may mend the application until {deadline}. It is decided after that.", deadline=When(until, zone))
    return None
