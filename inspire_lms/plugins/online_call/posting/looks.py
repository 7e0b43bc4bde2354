"""A look at a letter that holds a copy of the answers is a look at the application, wherever it was read."""

from datetime import datetime

from inspire_lms.contracts.mails import MailLookedAt
from inspire_lms.plugins.online_call.applying import queries as applying
from inspire_lms.plugins.online_call.looking import actions as looking
from inspire_lms.plugins.online_call.posting import queries
from inspire_lms.plugins.online_call.posting.kinds import KINDS
from inspire_lms.plugins.online_call.posting.models import Letter


def looked(letter: Letter, *, by: int, at: datetime) -> None:
    """Keep that somebody looked at an application by looking at a letter."""
    about = letter.mail.to_person
    tells = KINDS[letter.kind].tells_answers and about is not None
    own = applying.own_in(letter.call_id, about) if tells and about is not None else None
    if own is not None and own.submitted_at is not None:
        looking.looked(own, by=by, at=at)


def heard_that_a_mail_was_looked_at(fact: MailLookedAt) -> None:
    """Keep the look of an administrator who read a mail of ours in the list of all mails; done twice it is done once."""
    letter = queries.letter(fact.mail_id)
    if letter is not None:
        looked(letter, by=fact.by_id, at=fact.at)
