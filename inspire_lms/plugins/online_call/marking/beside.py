"""What the committee room says of scores that stand beside the total."""

from collections.abc import Sequence

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import number, show
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.marking import queries


def notes(call_id: int, only: Sequence[int]) -> dict[int, str]:
    """Say for *only* these applications the mean of each criterion not in the total, in the reader's language; one statement at most."""
    apart = {each.code: each.title for each in applying.criteria(call_id) if not each.counts} if only else {}
    if not apart:
        return {}
    said: dict[int, str] = {}
    for application_id, points in queries.beside(call_id, only).items():
        found = [(apart[code], number(points[code], 2)) for code in apart if code in points]
        said[application_id] = ", ".join(show(Message("{criterion}: {points}", criterion=title, points=mean)) for title, mean in found)
    return said
