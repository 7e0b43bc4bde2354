"""Contents of questions, kept in the process.

A version is kept under the digest of its content, so that what is kept can never be out of date.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping

from sqlalchemy import select

from inspire_lms.kernel.db import session
from inspire_lms.plugins.assessment.kinds.shape import Content
from inspire_lms.plugins.assessment.models import Version

MOST = 5_000
"""Versions; the longest unused ones are forgotten first. One takes about 2 kB."""

_kept: OrderedDict[str, tuple[str, Content]] = OrderedDict()


def contents(digests: Collection[str]) -> Mapping[str, tuple[str, Content]]:
    """Give kind and content by digest; at most one statement, none when all are kept."""
    missing = {digest for digest in digests if digest not in _kept}
    if missing:
        rows = session.execute(select(Version.digest, Version.kind, Version.content).where(Version.digest.in_(missing)))
        for digest, kind, content in rows:
            _kept[digest] = (kind, content)
    found = {}
    for digest in digests:
        found[digest] = _kept[digest]
        _kept.move_to_end(digest)
    while len(_kept) > MOST:
        _kept.popitem(last=False)
    return found
