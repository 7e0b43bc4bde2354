"""What loading an edition does beside writing it down."""

from dataclasses import dataclass
from datetime import datetime

from inspire_lms.contracts import Enquiry


@dataclass(frozen=True)
class LoadEffects(Enquiry[tuple[str, ...]]):
    """What loading an edition does to people, in sentences; asked inside the transaction of a loading that is undone afterwards."""

    edition_id: int
    since: datetime
    """When the loading began."""
