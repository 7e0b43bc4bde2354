"""The sealed file with which every attack begins, and the keys of the one who sealed it and of one who forges.

Whatever makes certificates is asked in `issued` and nowhere else: point it elsewhere when another engine makes them. The makers of
attacks find everything by what it looks like, never by where it stands.
"""

import re
import tempfile
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Never

from inspire_lms.app import create_app
from inspire_lms.kernel import clock
from inspire_lms.kernel.db import db
from inspire_lms.plugins.certificate.drawing.record import Record, sample
from inspire_lms.plugins.certificate.issuing.records import layout_of
from inspire_lms.plugins.certificate.plugin import plugin
from inspire_lms.plugins.certificate.sealing import demo, pades
from inspire_lms.plugins.certificate.sealing.pades import Document
from inspire_lms.plugins.certificate.sealing.seal import KeySeal, TimeStampError, root_of
from inspire_lms.plugins.certificate.verdict import Finding, judge
from inspire_lms.settings import Settings
from tests.plugins.certificate.builders import drawn

CREDENTIAL = "eyJhbGciOiJFUzI1NiJ9.eyJsZXZlbCI6IjIifQ.c2lnbmF0dXJl"
"""What is attached: short, and of the form of a credential."""
ENGINES = ("fast", "pyhanko")
COVERS = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


@dataclass(frozen=True)
class Sealed:
    """A certificate of Γεώργιος Παπαϊωάννου under our seal, another one under the same, and a forger of the same names."""

    seal: KeySeal
    forger: KeySeal
    plain: bytes
    """The document before it was sealed."""
    good: bytes
    another: bytes
    at: datetime

    def judge(self, pdf: bytes, **but: object) -> Finding:
        """Judge a file as the site does; say in *but* what is different: seals, roots, at, sealed_at."""
        asked = {"seals": [self.seal.certificate], "roots": [root_of(self.seal)], "at": self.at} | but
        return judge(pdf, asked.pop("seals"), asked.pop("roots"), **asked)


def issued(record: Record, seal: KeySeal, engine: str, at: datetime) -> bytes:
    """Give a certificate as the site makes it, with a credential attached and room for a time stamp that was not to be had."""
    document = Document(layout_of(record.kind), record, CREDENTIAL)
    (made,) = pades.sealed([document], seal, at=at, engine=engine, stamp=_no_stamp)
    return made.pdf


def _no_stamp(_value: bytes) -> Never:
    raise TimeStampError


@lru_cache(maxsize=2)
def made(fonts: Path, engine: str) -> Sealed:
    """Make them once for all tests."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        app = create_app(Settings(instance=folder, secret_key="not a secret"), [plugin])
        app.config["FONTS_FOLDER"] = fonts
        with app.app_context():
            at = clock.now()
            seal, forger = (demo.opened(folder / name, at=at) for name in ("seal", "forged"))
            record = sample("competence", "el", "Γεώργιος Παπαϊωάννου", "Georgios Papaioannou")
            other = sample("competence", "ro", "Ștefan Țiriac", "Stefan Tiriac")
            good, another = (issued(one, seal, engine, at) for one in (record, other))
            found = Sealed(seal, forger, drawn(record, credential=CREDENTIAL, at=at), good, another, at)
            db.engine.dispose()
    return found


def ranges(pdf: bytes) -> tuple[int, int, int, int]:
    """Give the four numbers of what the seal covers."""
    found = COVERS.search(pdf)
    assert found, "The sample has no seal."
    first, length, second, rest = (int(one) for one in found.groups())
    return first, length, second, rest


def gap(pdf: bytes) -> bytes:
    """Give what the seal does not cover: the signature in its brackets."""
    _first, begins, ends, _rest = ranges(pdf)
    return pdf[begins:ends]


def with_gap(pdf: bytes, new: bytes) -> bytes:
    """Put something of the same length into the place of the signature."""
    _first, begins, ends, _rest = ranges(pdf)
    assert len(new) == ends - begins, "What is put in has to be as long as what was there."
    return pdf[:begins] + new + pdf[ends:]
