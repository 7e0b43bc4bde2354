"""What is found of a call and kept in the process until the next deed, so that a page need not find it again.

A deed that can change what is found holds the call first, which counts it (judging.holding); what was found is kept under that
number. It is read before the rest is, so that what is kept can be newer than its number, which nobody asks for again, but never
older. What is found inside a transaction is not kept, since the deed may yet be undone.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import current_app

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import is_writing
from inspire_lms.plugins.online_call.models import Call

What = TypeVar("What")
AGE = timedelta(minutes=5)
"""Nothing is kept longer: after a database was restored under a running server its numbers begin again."""
MOST = 48
"""So many findings are kept, of one room eight or so; the one that was not asked for longest goes first."""
NAME = "online_call.memory"


def _never(_found: object) -> datetime | None:
    return None


def kept(call: Call, about: Hashable, find: Callable[[], What], until: Callable[[What], datetime | None] = _never) -> What:
    """Give what *find* finds of *call*, from memory while nothing has happened since; *about* is what else it depends on.

    *until* says of what was found from when on it is not so any more by the clock alone; None when it does not depend on it.
    Nobody may change what it gives.
    """
    if is_writing():
        return find()
    memory: OrderedDict[Hashable, tuple[datetime, Any]] = current_app.extensions.setdefault(NAME, OrderedDict())
    now, key = clock.now(), (call.id, call.version, call.deeds, about)
    entry = memory.get(key)
    if entry is None or not entry[0] <= now < min(entry[0] + AGE, until(entry[1]) or entry[0] + AGE):
        entry = now, find()
    # Another thread may do the same at the same time: then it is found twice, and kept once.
    # Taken out first, so that it is the last to go: a third thread may make room in between.
    memory.pop(key, None)
    memory[key] = entry
    while len(memory) > MOST:
        memory.popitem(last=False)
    found: What = entry[1]
    return found
