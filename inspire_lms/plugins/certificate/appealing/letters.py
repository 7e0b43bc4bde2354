"""What we write about decisions and appeals; each letter goes out once."""

from datetime import datetime

from inspire_lms.kernel.errors import Message, When
from inspire_lms.kernel.mail import Letter, letter_to, link
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.certificate.appealing.queries import Against
from inspire_lms.plugins.certificate.earning.rules import Line, Standing
from inspire_lms.plugins.certificate.models import Appeal, Refusal, Revocation
from inspire_lms.plugins.certificate.rules import KIND_NAMES, AppealState, Kind

_FOUR_EYES = Message("An appeal is answered by somebody who did not take the decision, and neither taught you nor graded your work.")


def refused(cohort: Cohort, refusal: Refusal, found: Standing, *, whole: Kind, given: Kind | None) -> Letter:
    """Tell somebody why they are not given the *whole*, criterion by criterion, and how to appeal; *given* is what they get instead."""
    course, document = cohort.edition.title, KIND_NAMES[whole]
    instead = (Message("You are given another document: {document}.", document=KIND_NAMES[given]),) if given else ()
    return letter_to(
        refusal.person_id,
        key=f"certificate.refused:{refusal.id}",
        subject=Message("The decision about your certificate"),
        lines=(
            Message("It was decided that you are not given this document of {course}: {document}.", course=course, document=document),
            *instead,
            Message("Below stands what was on record, criterion by criterion."),
            appeal_until(refusal.appeal_until, cohort.zone),
            _FOUR_EYES,
        ),
        facts=tuple((line.title, _said(line)) for line in found.lines),
        button=(Message("See the decision, or appeal"), link("certificate.appeal_refusal", refusal_id=refusal.id)),
        zone=cohort.zone,
    )


def _said(line: Line) -> Message:
    return Message("Met. {how}", how=line.how) if line.is_met else Message("Not met. {how}", how=line.how)


def appeal_until(until: datetime, zone: str) -> Message:
    """Say until when one can appeal, and how."""
    return Message(
        "If you think that this is wrong, you can appeal in your own words until {until}. Sign in and open the page of the decision.",
        until=When(until, zone),
    )


def link_to(revocation: Revocation) -> tuple[Message, str]:
    """Lead to the page on which one appeals against a revocation."""
    return Message("See the decision, or appeal"), link("certificate.appeal_revocation", revocation_id=revocation.id)


def received(against: Against, appeal: Appeal) -> Letter:
    """Tell somebody that the appeal has arrived."""
    return letter_to(
        appeal.person_id,
        key=f"certificate.appealed:{appeal.id}",
        subject=Message("We have received your appeal"),
        lines=(
            Message("Your appeal about the certificate of {course} has arrived.", course=against.cohort.edition.title),
            _FOUR_EYES,
            Message("We write to you when it is answered."),
        ),
        button=(Message("See your appeal"), _page(against)),
        zone=against.cohort.zone,
    )


def answered(against: Against, appeal: Appeal) -> Letter:
    """Tell somebody how the appeal was answered, and what comes next."""
    is_upheld = appeal.state == AppealState.UPHELD
    next_step = (
        Message("What was wrong is put right, and the decision about your certificate is taken again. We write to you.")
        if is_upheld
        else Message("The decision stands.")
    )
    return letter_to(
        appeal.person_id,
        key=f"certificate.appeal-answered:{appeal.id}",
        subject=Message("Your appeal was upheld") if is_upheld else Message("Your appeal was dismissed"),
        lines=(
            Message("Your appeal about the certificate of {course} has been answered.", course=against.cohort.edition.title),
            Message("{answer}", answer=appeal.answer),
            next_step,
        ),
        button=(Message("See your appeal"), _page(against)),
        zone=against.cohort.zone,
    )


def _page(against: Against) -> str:
    if against.refusal:
        return link("certificate.appeal_refusal", refusal_id=against.refusal.id)
    return link("certificate.appeal_revocation", revocation_id=against.revocation.id if against.revocation else 0)
