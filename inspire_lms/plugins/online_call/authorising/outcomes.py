"""What an answer, or its coming too late, changes in the outcome of the rules; and holding an application while it does."""

from datetime import datetime

from sqlalchemy import select, update

from inspire_lms.kernel.db import session
from inspire_lms.kernel.errors import NotThere
from inspire_lms.plugins.online_call import eligibility
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.authorising import queries
from inspire_lms.plugins.online_call.eligibility import Check
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.judging.holding import hold_call
from inspire_lms.plugins.online_call.models import Application, Outcome
from inspire_lms.plugins.online_call.rules import State


def hold(application_id: int) -> Application:
    """Hold an application, a draft too, its call first: submitting, deciding and answering follow each other. Raises NotThere."""
    call_id = session.scalar(select(Application.call_id).where(Application.id == application_id))
    if call_id is None:
        raise NotThere
    hold_call(call_id)
    chosen = select(Application).where(Application.id == application_id).with_for_update(of=Application, key_share=True)
    found = session.scalar(chosen.execution_options(populate_existing=True))
    if found is None:
        raise NotThere
    return found


def settle(application: Application, at: datetime) -> None:
    """Let the rules that ask for an authorisation look again at a submitted application that is held. Inside a transaction.

    A decision that was taken stays: the coordinator sees the new outcome and can decide anew. Once the ranking is published
    nothing changes.
    """
    if application.state in {State.DRAFT, State.WITHDRAWN} or judging.has_list(application.call_id):
        return
    session.flush()
    found, attached = queries.findings(application, at), set(applying.attachments(application.id))
    for rule in eligibility.rules_of(application.call.eligibility):
        if rule.check is Check.AUTHORISED:
            finding = eligibility.find(rule, application.answers, attached, "", found)
            mine = (Outcome.application_id == application.id, Outcome.rule == rule.code)
            session.execute(update(Outcome).where(*mine).values(finding=finding))
