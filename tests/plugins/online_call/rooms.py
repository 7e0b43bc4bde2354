"""The committee room from memory, and found anew."""

from flask import current_app

from inspire_lms.plugins.online_call.judging.room import Room, room
from inspire_lms.plugins.online_call.models import Call
from inspire_lms.plugins.online_call.overview.memory import NAME


def forget() -> None:
    """Forget all that the process has kept of calls."""
    current_app.extensions.pop(NAME, None)


def both(call: Call, reader: int) -> tuple[Room, Room]:
    """Give the room as it is shown, and as it is when nothing was kept."""
    with current_app.test_request_context():
        shown = room(call, reader)
        forget()
        return shown, room(call, reader)
