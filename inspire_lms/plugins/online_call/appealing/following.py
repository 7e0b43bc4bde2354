"""What the page of one's own application shows of the provisional list and of an appeal."""

from typing import Any

from inspire_lms.plugins.online_call.appealing import filing, queries
from inspire_lms.plugins.online_call.appealing.letters import what_follows
from inspire_lms.plugins.online_call.appealing.lists import STATES
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.publishing import shown


def of(application: Application) -> dict[str, Any]:
    """Gather it: the own result while the list is provisional, the appeal, and why none can be filed."""
    appeal = queries.of_application(application.id)
    return {
        "result": shown.own_result(application),
        "appeal": appeal,
        "appeal_status": STATES[appeal.state] if appeal else None,
        "appeal_follows": what_follows(appeal) if appeal else None,
        "why_no_appeal": filing.why_not(application),
    }
