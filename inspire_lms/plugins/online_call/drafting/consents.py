"""Consents of a submitted application: each may be taken back as easily as it was given (GDPR, article 7(3))."""

from inspire_lms.kernel import audit
from inspire_lms.kernel.db import transaction
from inspire_lms.kernel.errors import NotThere, Reason, Refused
from inspire_lms.plugins.online_call.judging.holding import hold
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.questions import TAKEN_BACK, Kind, Question, all_questions, form_of

DID_TAKE_BACK = "online_call.consent-taken-back"


def given(application: Application) -> list[Question]:
    """List the consents that an application gives now, in the order of the form."""
    form = all_questions(form_of(application.call.form))
    return [each for each in form if each.kind is Kind.CONSENT and application.answers.get(each.code) is True]


def take_back(application_id: int, question: str, *, by: int) -> None:
    """Take back the consent that answers *question*; in whatever state the application is, as long as its answers are kept.

    Done twice it is done once. Raises NotThere when it is not the person's own or no consent, Refused when it was never given.
    """
    with transaction():
        application = hold(application_id)
        asked = next((each for each in all_questions(form_of(application.call.form)) if each.code == question), None)
        if application.person_id != by or asked is None or asked.kind is not Kind.CONSENT:
            raise NotThere
        if application.answers.get(question) == TAKEN_BACK:
            return
        if application.answers.get(question) is not True:
            raise Refused(Reason("This consent was not given."))
        application.answers = {**application.answers, question: TAKEN_BACK}
        after = {"question": question}
        audit.record(DID_TAKE_BACK, ("application", application.id), by=by, after=after, cohort_id=application.cohort_id, about=by)
