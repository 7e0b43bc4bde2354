"""What happens to the site itself."""

from dataclasses import dataclass

from inspire_lms.contracts import Fact


@dataclass(frozen=True)
class PluginSwitched(Fact):
    """A plugin was switched on or off; what others keep because of its answers may have changed."""

    plugin: str
    edition_id: int | None
    """None: for the whole site."""
