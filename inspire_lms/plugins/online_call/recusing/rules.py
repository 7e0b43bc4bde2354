"""When a conflict of interest can be declared."""

from inspire_lms.kernel.errors import Reason
from inspire_lms.plugins.online_call.seconding.rules import why_not_about_oneself


def why_not_declare(applicant: int, by: int, *, has_declared: bool) -> Reason | None:
    """Say why *by* cannot declare a conflict of interest about an application; it can be declared in every state of it, and once."""
    if has_declared:
        return Reason("You have declared a conflict of interest about this application already.")
    return why_not_about_oneself(applicant, by)
