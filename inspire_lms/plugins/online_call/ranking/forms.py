"""The form of what would change if."""

from decimal import Decimal

from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.web.forms import DecimalField, Field, Form, Whole
from inspire_lms.plugins.online_call.edition import MOST_POINTS
from inspire_lms.plugins.online_call.ranking.quotas import MOST_SEATS
from inspire_lms.plugins.online_call.ranking.terms import Quota, Terms


def what_if_form(terms: Terms, gap: Decimal) -> Form:
    """Make the form, filled with what holds now."""
    fields: dict[str, Field] = {
        "seats": Whole(Message("Places"), least=0, most=MOST_SEATS),
        "suitable_from": DecimalField(
            Message("Points needed for a place or the reserve list"), least=0, most=MOST_POINTS, places=2
        ),
        "gap": DecimalField(Message("Points apart beyond which a third person evaluates"), least=1, most=MOST_POINTS, places=2),
    } | {f"quota-{each.code}": _field(each) for each in terms.quotas}
    numbers = {f"quota-{each.code}": each.most if each.least is None else each.least for each in terms.quotas}
    return Form.built(fields, initial={"seats": terms.seats, "suitable_from": terms.suitable_from, "gap": gap} | numbers)


def _field(quota: Quota) -> Field:
    title = Words(quota.title)
    label = Message("Reserved places: {title}", title=title) if quota.least is not None else Message("Limit: {title}", title=title)
    return Whole(label, hint=Message("Leave it empty to see the list without this quota."), least=1, most=MOST_SEATS, optional=True)
