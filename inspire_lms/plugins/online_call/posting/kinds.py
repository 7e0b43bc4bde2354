"""The kinds of letters: which may wait until somebody releases them, and why the others may not. Each letter that is written has one."""

from dataclasses import dataclass

from inspire_lms.kernel.errors import Message, Reason

PREFIX = "online_call."
"""What the keys of our mails begin with; then comes the code of the kind, then a colon."""

DEADLINE = Reason("It names a time that runs from the moment at which it goes out.")
OWN_DEED = Reason("It confirms what the applicant has done, or answers a step of the applicant.")


@dataclass(frozen=True)
class Kind:
    """What a letter is about."""

    code: str
    title: Message
    why_at_once: Reason | None = None
    """Why it never waits; None if it may."""
    is_to_applicants: bool = True
    """Letters to superiors, evaluators and coordinators are not listed among those to applicants."""
    tells_answers: bool = False
    """It holds a copy of what the applicant wrote: whoever reads it looks at the application."""


_ALL = (
    Kind("receipt", Message("Receipt of an application"), OWN_DEED, tells_answers=True),
    Kind("mend", Message("Request to mend an application"), DEADLINE, tells_answers=True),
    Kind("mended", Message("Receipt of what was mended"), OWN_DEED),
    Kind("withdrawn", Message("Confirmation of a withdrawal"), OWN_DEED),
    Kind("authorisation-given", Message("Authorisation given"), OWN_DEED),
    Kind("authorisation-refused", Message("Authorisation refused"), OWN_DEED),
    Kind("authorisation-expired", Message("Authorisation not answered"), OWN_DEED),
    Kind("not-eligible", Message("Not eligible")),
    Kind("eligible", Message("Eligible after all")),
    Kind("offer", Message("Offer of a place"), DEADLINE),
    Kind("reminder", Message("Reminder of an offer"), DEADLINE),
    Kind("lapsed", Message("Offer lapsed"), DEADLINE),
    Kind("accepted", Message("Confirmation of a place"), OWN_DEED),
    Kind("declined", Message("Confirmation that an offer was declined"), OWN_DEED),
    Kind("reserve", Message("Reserve list")),
    Kind("reserve-ended", Message("End of the reserve list")),
    Kind("unsuitable", Message("Not selected")),
    Kind("provisional", Message("Provisional result"), DEADLINE),
    Kind("appeal-received", Message("Receipt of an appeal"), OWN_DEED, tells_answers=True),
    Kind("appeal-withdrawn", Message("Confirmation that an appeal was withdrawn"), OWN_DEED),
    Kind("appeal-answered", Message("Answer to an appeal"), OWN_DEED),
    Kind("correction-corrected", Message("Corrected list")),
    Kind("notice-changed", Message("Change of the notice"), DEADLINE),
    Kind("draft-reminder", Message("Reminder of a draft"), DEADLINE),
    Kind("announcement", Message("Announcement")),
    Kind("authorise", Message("Request to a superior"), DEADLINE, is_to_applicants=False),
    Kind("asked", Message("Request to an evaluator"), OWN_DEED, is_to_applicants=False),
    Kind("asked-reminder", Message("Reminder to an evaluator"), DEADLINE, is_to_applicants=False),
    Kind("override-proposed", Message("Request to a second person"), OWN_DEED, is_to_applicants=False),
    Kind("override-answered", Message("Answer of a second person"), OWN_DEED, is_to_applicants=False),
    Kind("appeal-to-answer", Message("Request to answer an appeal"), DEADLINE, is_to_applicants=False),
    Kind("appeal-anew", Message("Request to evaluate anew after an appeal"), OWN_DEED, is_to_applicants=False),
    Kind("correction-proposed", Message("Request to confirm a correction"), OWN_DEED, is_to_applicants=False),
    Kind("correction-answered", Message("Answer of a second person to a correction"), OWN_DEED, is_to_applicants=False),
    Kind("correction-anew", Message("Request to evaluate anew for a correction"), OWN_DEED, is_to_applicants=False),
    Kind("corrected", Message("Corrected criteria"), OWN_DEED, is_to_applicants=False),
    Kind("retention", Message("What is deleted next"), DEADLINE, is_to_applicants=False),
)
KINDS = {each.code: each for each in _ALL}
"""Every kind by its code, in the order in which pages show them. A new letter is declared here first."""


def kind_of(key: str) -> Kind:
    """Give the kind of the letter whose mail has this key. Raises KeyError for one that is not declared."""
    code = key.removeprefix(PREFIX).partition(":")[0]
    if code not in KINDS:
        msg = f"posting/kinds.py declares no letter “{code}”: say there what it is, and whether it may wait."
        raise KeyError(msg)
    return KINDS[code]
