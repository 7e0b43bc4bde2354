"""How often one visitor may check: enough for people, too slow for guessing. Nothing about the visitor is stored."""

import hashlib
import secrets
from collections import deque
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address

from flask import current_app, request

from inspire_lms.kernel import clock

WINDOW = timedelta(minutes=1)
MOST_LOOKS = 60
"""Checks by link, number or digest in a minute, for one visitor."""
MOST_TRIES = 12
"""Checks by the form in a minute: each could be a guess at a short code or a name, or brings a file that costs us time."""
MOST_REMEMBERED = 10_000
"""Visitors in memory; when there are more, the oldest are forgotten."""


class Pace:
    """The latest checks of each visitor, in the memory of this process, under a digest that is worthless elsewhere."""

    def __init__(self) -> None:
        """Begin with an empty memory and a salt of its own."""
        self._salt = secrets.token_bytes(16)
        self._seen: dict[bytes, deque[datetime]] = {}

    def is_too_fast(self, visitor: str, most: int, *, at: datetime) -> bool:
        """Count one more check of *visitor* and say whether it was more than *most* in a minute."""
        key = hashlib.blake2b(visitor.encode(), key=self._salt, digest_size=16).digest()
        seen = self._seen.setdefault(key, deque(maxlen=MOST_LOOKS + 1))
        while seen and seen[0] <= at - WINDOW:
            seen.popleft()
        seen.append(at)
        while len(self._seen) > MOST_REMEMBERED:
            self._seen.pop(next(iter(self._seen)))
        return len(seen) > most


def is_too_fast(what: str, most: int) -> bool:
    """Count one more check of *what* by whoever sends this request."""
    kept: Pace = current_app.extensions.setdefault("certificate_pace", Pace())
    return kept.is_too_fast(f"{what} {_network_of(request.remote_addr or '')}", most, at=clock.now())


def _network_of(address: str) -> str:
    """Say from where a request comes: of IPv6 the first 64 bits, since one line alone is given every address that begins with them."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return address
    return str(found.ipv4_mapped or int(found) >> 64)
