"""What the kernel knows about badges."""

from pathlib import Path

from badge_outside import models, views
from inspire_lms.contracts.pages import MenuEntries
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.plugin import Capability, Held, Plugin

HERE = Path(__file__).parent
plugin = Plugin(
    name="badge_outside",
    title=Message("Badges"),
    about=Message("Shows people the badges that they hold."),
    blueprint=views.pages,
    capabilities=(Capability("badge_outside:see", Message("See one's own badges"), ("person",)),),
    answers={MenuEntries: views.menu},
    privacy=(
        Held(
            f"{models.Badge.__tablename__}.person_id",
            Message("To show people their badges"),
            Message("Consent"),
            Message("Until the account is erased"),
        ),
    ),
    migrations=HERE / "migrations",
    translations=HERE / "translations",
)
