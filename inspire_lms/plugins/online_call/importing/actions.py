"""What a coordinator does with applications on paper: hand in a table, answer about doubtful rows, confirm it, or put it away."""

import hashlib
from collections.abc import Mapping
from typing import IO

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from inspire_lms.kernel import audit, clock, files
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused, When
from inspire_lms.plugins.online_call.confirming.rules import Seen, why_not
from inspire_lms.plugins.online_call.importing import examining, rules, writing
from inspire_lms.plugins.online_call.importing.models import Import
from inspire_lms.plugins.online_call.judging import queries as judging
from inspire_lms.plugins.online_call.judging.holding import hold_call
from inspire_lms.plugins.online_call.models import Call

FILE = "file"
"""The field of the form that hands in a table."""

CHANGED = Reason("Somebody has applied or registered in the meantime, and the dry run has changed. Nothing was written; look once more.")


def read(call_id: int, stream: IO[bytes], name: str, *, by: int) -> int:
    """Keep a table and give the number of its import; the same table once more is the same import. No application is written.

    Raises Invalid with the reason keyed by "file" when it is no table for this call or was imported already, Refused when
    nothing can be imported now.
    """
    content, shown = stream.read(files.LARGEST + 1), files.tidy_name(name)
    kind = _kind(call_id, content, shown)
    digest = hashlib.sha256(content).hexdigest()
    with transaction():
        call = _open(call_id)
        known = session.scalar(select(Import).where(Import.call_id == call_id, Import.digest == digest))
        if known is not None and known.confirmed_at is None:
            return known.id
        if known is not None and known.confirmed_at is not None:
            when = When(known.confirmed_at, call.cohort.zone)
            raise Invalid({FILE: Reason("This table was imported on {when}; once more it would add nothing.", when=when)})
        kept = files.keep_own(content, shown, kind, by=by)
        told = {"call_id": call_id, "digest": digest, "name": shown, "size": kept.size, "file_id": kept.id}
        made = Import(answers={}, read_at=clock.now(), read_by=by, **told)
        session.add(made)
        session.flush()
        audit.record("online_call.import-read", ("import", made.id), by=by, after={"digest": digest}, cohort_id=call.cohort_id)
        return made.id


def _kind(call_id: int, content: bytes, name: str) -> str:
    """Say of which kind a table is, read from end to end: what cannot be read is not kept. Raises NotThere, Invalid, Refused."""
    call = session.get(Call, call_id)
    if call is None:
        raise NotThere
    if reason := rules.why_not_import(call.window, published=judging.has_list(call_id), at=clock.now()):
        raise Refused(reason)
    try:
        kind = files.kind_of(content, name, allow=(files.XLSX, files.CSV), most_bytes=files.LARGEST)
        rows = sum(1 for _row in examining.read(call, content, name, kind))
    except Invalid as wrong:
        raise Invalid({FILE: next(iter(wrong.reasons.values()))}) from wrong
    if not rows:
        raise Invalid({FILE: Reason("The table has headings and not a single application.")})
    return kind


def answer(import_id: int, answers: Mapping[int, str]) -> None:
    """Keep what was answered about doubtful rows, by row, beside the answers that are there.

    Raises NotThere, or Refused when nothing can be imported any more.
    """
    with transaction():
        held = _waiting(import_id)
        held.answers = {**held.answers, **{str(row): chosen for row, chosen in answers.items()}}


def ask_again(import_id: int) -> None:
    """Take back all answers about doubtful rows."""
    with transaction():
        _waiting(import_id).answers = {}


def confirm(import_id: int, source: str, *, by: int, seen: Seen | None = None) -> Import:
    """Write all applications of a table, or none: number them, let the rules look, keep how they came, and have the receipts written.

    *source* says where they come from and why they are entered. Raises NotThere, or Refused when something is still wrong or open,
    or when it would not do what *by* has *seen*.
    """
    try:
        with transaction():
            held = _waiting(import_id)
            found = examining.dry_run(held)
            if not found.is_ready or why_not(seen, found.seal):
                raise Refused(CHANGED)
            writing.write(held, found.targets, by=by)
            file_id, held.file_id = held.file_id, None
            held.written, held.left_out, held.accounts = len(found.targets), found.left_out, found.accounts
            held.confirmed_at, held.confirmed_by, held.source, held.answers = clock.now(), by, source, {}
            session.flush()
            files.forget(file_id or 0)
            after = {"digest": held.digest, "written": held.written, "left-out": held.left_out, "accounts": held.accounts, "source": source}
            audit.record("online_call.imported", ("import", held.id), by=by, after=after, cohort_id=held.cohort_id)
    except IntegrityError as clash:
        raise Refused(CHANGED) from clash
    return held


def drop(import_id: int, *, by: int) -> None:
    """Delete a table that is not confirmed. Raises NotThere."""
    with transaction():
        call_id = session.scalar(select(Import.call_id).where(Import.id == import_id))
        if call_id is None:
            raise NotThere
        # Held in the order in which a confirmation holds them.
        hold_call(call_id)
        chosen = select(Import).where(Import.id == import_id, Import.file_id.is_not(None)).with_for_update(of=Import, key_share=True)
        held = session.scalar(chosen.execution_options(populate_existing=True))
        if held is None:
            raise NotThere
        _forget(held, by=by)


def forget_unconfirmed() -> None:
    """Delete the tables that nobody has confirmed in time; the work of online_call.forget-imports."""
    with transaction():
        before = clock.now() - rules.KEEP_UNCONFIRMED
        for held in session.scalars(select(Import).where(Import.confirmed_at.is_(None), Import.read_at <= before)).all():
            _forget(held, by=None)


def _forget(held: Import, *, by: int | None) -> None:
    file_id, import_id, cohort_id = held.file_id or 0, held.id, held.cohort_id
    session.delete(held)
    session.flush()
    files.forget(file_id)
    audit.record("online_call.import-put-away", ("import", import_id), by=by, cohort_id=cohort_id)


def _open(call_id: int) -> Call:
    """Hold the call, and see that applications can still be added to it."""
    call = hold_call(call_id)
    if reason := rules.why_not_import(call.window, published=judging.has_list(call_id), at=clock.now()):
        raise Refused(reason)
    return call


def _waiting(import_id: int) -> Import:
    """Hold an import that is not confirmed, its call first. Raises NotThere, or Refused when nothing can be imported any more."""
    call_id = session.scalar(select(Import.call_id).where(Import.id == import_id))
    if call_id is None:
        raise NotThere
    _open(call_id)
    chosen = select(Import).where(Import.id == import_id, Import.confirmed_at.is_(None))
    found = session.scalar(chosen.with_for_update(of=Import, key_share=True).execution_options(populate_existing=True))
    if found is None:
        raise NotThere
    return found
