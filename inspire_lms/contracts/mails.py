"""What happens to mails."""

from dataclasses import dataclass
from datetime import datetime

from inspire_lms.contracts import Fact


@dataclass(frozen=True)
class MailLookedAt(Fact):
    """An administrator read a mail; whoever has put something about a person into it may keep that."""

    mail_id: int
    by_id: int
    at: datetime
