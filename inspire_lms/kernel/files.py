"""Files that people hand in or that we make: kept outside the web root by digest, taken by what they hold and not by their name."""

import contextlib
import functools
import hashlib
import io
import json
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import IO
from urllib.parse import quote

import obstore
from flask import Response, current_app
from obstore.store import LocalStore
from sqlalchemy import CheckConstraint, func, select
from sqlalchemy.orm import Mapped

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import Base, Id, after_commit, db, is_sqlite, ref, session, transaction
from inspire_lms.kernel.errors import Invalid, Message, NotThere, Reason

PDF = "application/pdf"
CSV = "text/csv"
TEXT = "text/plain"
TOML = "application/toml"
JSON = "application/json"
ZIP = "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MB = 1_000_000
"""Bytes in a megabyte, as people count them."""

LARGEST = 5 * MB
"""Most bytes of a file that is handed in, unless the page says less."""

LONGEST_NAME = 150
"""Most characters of a file's name that are kept."""

_UNPACKED_AT_MOST = 200 * MB
"""What an archive may hold when it is unpacked."""

KINDS: Mapping[str, Message] = {
    PDF: Message("a PDF file"),
    CSV: Message("a CSV file"),
    TEXT: Message("a text file"),
    TOML: Message("a TOML file"),
    JSON: Message("a JSON file"),
    ZIP: Message("a ZIP archive"),
    XLSX: Message("an Excel workbook (XLSX)"),
}
"""What people call each kind."""

_BEGINNINGS: tuple[tuple[bytes, Message], ...] = (
    (b"\xff\xd8\xff", Message("a picture (JPEG)")),
    (b"\x89PNG", Message("a picture (PNG)")),
    (b"GIF8", Message("a picture (GIF)")),
    (b"\xd0\xcf\x11\xe0", Message("a Word or Excel file of the old kind")),
    (b"{\\rtf", Message("a text document (RTF)")),
    (b"MZ", Message("a program")),
    (b"\x7fELF", Message("a program")),
    (b"%PDF-", KINDS[PDF]),
)
_INSIDE_ARCHIVES: tuple[tuple[str, Message], ...] = (
    ("word/", Message("a Word document")),
    ("xl/", KINDS[XLSX]),
    ("ppt/", Message("a PowerPoint presentation")),
    ("META-INF/manifest.xml", Message("an OpenDocument file")),
)

# A file made to break the reader can make it fail in any of these ways; each means that the file is broken.
_BROKEN = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError,
    AssertionError, NotImplementedError, OSError, EOFError, zlib.error, struct.error, zipfile.BadZipFile,
)  # fmt: skip


class StoredFile(Base):
    """A file that was kept. The same content is stored once, however often it is handed in."""

    __tablename__ = "kernel_file"
    __table_args__ = (CheckConstraint("size > 0", name="no_file_is_empty"),)

    id: Mapped[Id]
    digest: Mapped[str]
    """SHA-256 of the content, in hexadecimal."""
    size: Mapped[int]
    """Bytes."""
    name: Mapped[str]
    """The name under which it was handed in."""
    kind: Mapped[str]
    """Content type, found by looking into it."""
    kept_by: Mapped[int | None] = ref("people_person.id")
    kept_at: Mapped[datetime]


def keep(given: bytes | IO[bytes], name: str, *, by: int | None, allow: tuple[str, ...] = (PDF,), most_bytes: int = LARGEST) -> StoredFile:
    """Check a file by what it holds and keep it, in a transaction; raises Invalid when it is empty, too large, broken or not allowed."""
    content = given if isinstance(given, bytes) else given.read(most_bytes + 1)
    shown = tidy_name(name)
    return keep_own(content, shown, kind_of(content, shown, allow=allow, most_bytes=most_bytes), by=by)


def keep_own(content: bytes, name: str, kind: str, *, by: int | None) -> StoredFile:
    """Keep a file that this site has made itself, so that nobody looks into it; call it inside a transaction."""
    digest = hashlib.sha256(content).hexdigest()
    _hold(digest)
    # Written before the transaction ends: a file without a row does no harm, a row without a file would.
    obstore.put(_store(), _place(digest), content)
    kept = StoredFile(digest=digest, size=len(content), name=name, kind=kind, kept_by=by, kept_at=clock.now())
    session.add(kept)
    session.flush()
    return kept


def fetch(file_id: int) -> tuple[StoredFile, bytes]:
    """Give a file and its content; raises NotThere."""
    kept = session.get(StoredFile, file_id)
    if kept is None:
        raise NotThere
    return kept, content_of(kept.digest)


def forget(file_id: int) -> None:
    """Forget a file, and after the commit its content unless somebody else handed in the same; call it inside a transaction."""
    kept = session.get_one(StoredFile, file_id)
    session.delete(kept)
    session.flush()
    after_commit(functools.partial(_remove, kept.digest))


def _remove(digest: str) -> None:
    """Remove a content that no row names any more."""
    with transaction():
        _hold(digest, alone=True)
        if session.scalar(select(StoredFile.id).where(StoredFile.digest == digest).limit(1)) is None:
            with contextlib.suppress(FileNotFoundError):
                obstore.delete(_store(), _place(digest))


def _hold(digest: str, *, alone: bool = False) -> None:
    """Keep others from removing a content until this transaction ends, *alone* also from keeping it; SQLite has one writer anyway."""
    if not is_sqlite(db.engine):
        lock = func.pg_advisory_xact_lock if alone else func.pg_advisory_xact_lock_shared
        session.execute(select(lock(int(digest[:15], 16))))


def content_of(digest: str) -> bytes:
    """Give the content with *digest*; raises NotThere when the store does not have it."""
    try:
        return bytes(obstore.get(_store(), _place(digest)).bytes())
    except FileNotFoundError as missing:
        raise NotThere from missing


def download(content: bytes, name: str, kind: str) -> Response:
    """Answer with a file to be saved: never shown as a page of ours, under its own name in any alphabet."""
    safe = tidy_name(name)
    plain = "".join(letter if " " <= letter <= "~" and letter not in '"\\%;' else "_" for letter in safe)
    answer = Response(content, content_type=kind)
    answer.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def tidy_name(name: str) -> str:
    """Reduce what a browser sent to the bare, printable name of a file."""
    bare = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    printable = " ".join("".join(letter for letter in bare if unicodedata.category(letter)[0] != "C").split())
    return printable[-LONGEST_NAME:].lstrip(". ") or "file"


def decoded(content: bytes, name: str) -> str:
    """Give the text of a file in UTF-8 or, with its mark at the beginning, UTF-16; raises Invalid for any other."""
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as wrong:
        line = content[: wrong.start].count(b"\n") + 1
        raise Invalid(
            Reason("“{name}” is not written in UTF-8: line {line} cannot be read. Save it once more as UTF-8.", name=name, line=line)
        ) from wrong


def kind_of(content: bytes, name: str, *, allow: tuple[str, ...], most_bytes: int) -> str:
    """Say of which allowed kind a file is; raises Invalid, saying what it is instead or what is wrong with it."""
    if not content:
        raise Invalid(Reason("“{name}” is empty.", name=name))
    if len(content) > most_bytes:
        raise Invalid(Reason("“{name}” is larger than {most}.", name=name, most=_size(most_bytes)))
    found = found_in(content)
    for kind in allow:
        if _looks_like(kind, content, found):
            _CHECKS[kind](content, name)
            return kind
    wanted = Message("{one} or {other}", one=KINDS[allow[0]], other=KINDS[allow[1]]) if len(allow) > 1 else KINDS[allow[0]]
    raise Invalid(Reason("“{name}” is {found}, not {wanted}.", name=name, found=found, wanted=wanted))


def found_in(content: bytes) -> Message:
    """Say what a file holds, by its first bytes."""
    for beginning, kind in _BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content.startswith(b"PK\x03\x04"):
        try:
            inside = zipfile.ZipFile(io.BytesIO(content)).namelist()
        except _BROKEN:
            inside = []
        return next((kind for part, kind in _INSIDE_ARCHIVES if any(one.startswith(part) for one in inside)), KINDS[ZIP])
    if content[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return Message("a web page")
    if b"%PDF-" in content[:1024]:
        return KINDS[PDF]
    return Message("a file of another kind") if b"\x00" in content and content[:2] not in {b"\xff\xfe", b"\xfe\xff"} else KINDS[TEXT]


def _looks_like(kind: str, content: bytes, found: Message) -> bool:
    if kind in {CSV, TEXT, TOML, JSON}:
        return found is KINDS[TEXT]
    if kind == ZIP:
        return content.startswith(b"PK\x03\x04")
    return found is KINDS[kind]


def _check_pdf(content: bytes, name: str) -> None:
    from pypdf import PdfReader  # slow import
    from pypdf.errors import PyPdfError  # slow import

    broken = Reason("“{name}” is a PDF that is broken or incomplete. Open it on your computer and save it once more.", name=name)
    if b"%%EOF" not in content[-2048:]:
        raise Invalid(broken)
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise Invalid(Reason("“{name}” is protected by a password. Hand in a copy that everybody can open.", name=name))
        pages = [page.mediabox.width for page in reader.pages]
    except (PyPdfError, *_BROKEN) as wrong:
        raise Invalid(broken) from wrong
    if not pages:
        raise Invalid(broken)


def _check_archive(content: bytes, name: str) -> None:
    broken = Reason("“{name}” is broken or incomplete. Save it once more.", name=name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > _UNPACKED_AT_MOST:
                raise Invalid(Reason("“{name}” would be too large when unpacked.", name=name))
            damaged = archive.testzip()
    except _BROKEN as wrong:
        raise Invalid(broken) from wrong
    if damaged:
        raise Invalid(broken)


def _check_text(content: bytes, name: str) -> None:
    if "\x00" in decoded(content, name):
        raise Invalid(Reason("“{name}” holds characters that no text has.", name=name))


def _check_json(content: bytes, name: str) -> None:
    try:
        json.loads(decoded(content, name))
    except json.JSONDecodeError as wrong:
        raise Invalid(
            Reason("“{name}” is not valid JSON: line {line}, column {column}.", name=name, line=wrong.lineno, column=wrong.colno)
        ) from wrong
    except (ValueError, RecursionError) as wrong:
        raise Invalid(Reason("“{name}” is broken or incomplete. Save it once more.", name=name)) from wrong


_CHECKS: Mapping[str, Callable[[bytes, str], None]] = {
    PDF: _check_pdf, CSV: _check_text, TEXT: _check_text, TOML: _check_text, JSON: _check_json, ZIP: _check_archive, XLSX: _check_archive,
}  # fmt: skip


def _size(length: int) -> Message:
    """Say how large, in words that the page can translate."""
    if length < MB:
        return Message("{n} kB", n=-(-length // 1000))
    return Message("{n} MB", n=(Decimal(length) / MB).quantize(Decimal("0.1")))


def _store() -> LocalStore:
    folder = current_app.config["INSPIRE"].instance.resolve() / "files"
    folder.mkdir(parents=True, exist_ok=True)
    return LocalStore(folder)


def _place(digest: str) -> str:
    return f"{digest[:2]}/{digest}"
