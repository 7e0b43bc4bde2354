"""The manifest of the dashboard. It keeps nothing: every figure is asked from those who know it."""

from flask import url_for

from inspire_lms.contracts.pages import MenuEntries, MenuEntry
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import _
from inspire_lms.kernel.plugin import Capability, Plugin
from inspire_lms.kernel.web.guard import allowed
from inspire_lms.plugins.cohort_dashboard.views import pages


def menu(_enquiry: MenuEntries) -> tuple[MenuEntry, ...]:
    """Lead coordinators to their country."""
    return (MenuEntry(50, _("Where we stand"), url_for("cohort_dashboard.choose")),) if allowed("cohort_dashboard:see") else ()


plugin = Plugin(
    name="cohort_dashboard",
    title=Message("Where we stand"),
    about=Message("Shows the funnel, the indicators and the people at risk of a country's cohort."),
    blueprint=pages,
    capabilities=(Capability("cohort_dashboard:see", Message("See where a cohort stands"), ("coordinator",)),),
    answers={MenuEntries: menu},
)
