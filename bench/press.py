"""Certificates: ours beside the plain way and beside the floor, in one run; `make bench` prints it.

The floor is what no way can do without: the bytes copied, digested, signed and written to a file. CPU of this process,
medians of rounds that are done in turn; the wall for two processes beside one.
"""

import hashlib
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import plain
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from flask import Flask
from site_of import Site
from sqlalchemy import select, update

from inspire_lms.app import create_app
from inspire_lms.kernel import clock
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.people.models import Person
from inspire_lms.kernel.typefaces import register_fonts
from inspire_lms.plugins.certificate import codes
from inspire_lms.plugins.certificate.checking import finding
from inspire_lms.plugins.certificate.credential.issuing import credential_of
from inspire_lms.plugins.certificate.drawing.record import Record, read
from inspire_lms.plugins.certificate.issuing import issue
from inspire_lms.plugins.certificate.issuing.records import layout_of
from inspire_lms.plugins.certificate.models import Batch, Certificate
from inspire_lms.plugins.certificate.rules import CURRENT, State
from inspire_lms.plugins.certificate.sealing import chosen, pades
from inspire_lms.plugins.certificate.sealing.pades import Document
from inspire_lms.plugins.certificate.sealing.seal import OWN, KeySeal
from inspire_lms.plugins.certificate.verdict import judge
from inspire_lms.settings import Settings

AT_ONCE = 60
WANTED = {
    "plain : ours, ES256": (25, "least"), "plain : ours, RS256": (60, "least"),
    "ours : floor, ES256": (6, "most"), "ours : floor, RS256": (3, "most"),
    "two processes : one": (1.7, "least"), "60 in one batch : 1 alone": (40, "most"), "strict check : known by hash": (50, "least"),
    "kB of a Greek file": (70, "most"),
}  # fmt: skip


def lines(here: Site, rounds: int) -> Iterator[str]:
    """Measure everything on the sample pilot that is over."""
    register_fonts()
    records = _records()
    with tempfile.TemporaryDirectory() as folder:
        for seal in (_seal(ec.generate_private_key(ec.SECP256R1())), _seal(rsa.generate_private_key(65537, 3072))):
            yield from _beside_the_others(records, seal, Path(folder), rounds)
        yield _two_processes(here, records)
    yield _batch_beside_one()
    yield _known_beside_strict(rounds)


def _records() -> list[Record]:
    """Make a batch: the first Greek certificate of competence of the pilot, and more like it."""
    found = session.scalars(select(Certificate).where(Certificate.kind == "competence").order_by(Certificate.id))
    stored = next(one.record for one in found if one.record["country"] == "GR")
    first = read(stored)
    made = []
    for number in range(AT_ONCE):
        code = codes.secret_code()
        address = first.address.rpartition("/")[0] + "/" + code
        minutes = 800 + number
        made.append(replace(first, number=f"INSPIREPA-GR-2027-{number:06d}", code=code, address=address, attended_minutes=minutes))
    return made


def _seal(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> KeySeal:
    """Give a seal of that key, on an authority of its own."""
    at, authority = datetime.now(UTC), ec.generate_private_key(ec.SECP256R1())
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Bench {one}")]) for one in ("root", "seal")]
    made = []
    for name, own in ((names[0], authority), (names[1], key)):
        builder = x509.CertificateBuilder().subject_name(name).issuer_name(names[0]).public_key(own.public_key())
        builder = builder.serial_number(x509.random_serial_number()).not_valid_before(at).not_valid_after(at + timedelta(days=400))
        made.append(builder.add_extension(x509.BasicConstraints(own is authority, None), critical=True).sign(authority, hashes.SHA256()))
    return KeySeal(OWN, key, made[1], (made[0],))


def _beside_the_others(records: Sequence[Record], seal: KeySeal, folder: Path, rounds: int) -> Iterator[str]:
    layout, signer, at = layout_of("competence"), plain.signer_of(seal), clock.now()
    documents = _documents(records)
    made = pades.sealed(documents, seal, at=at)
    size = len(made[0].pdf)

    def ours() -> None:
        for number, one in enumerate(pades.sealed(_documents(records), seal, at=at)):
            assert one.digest
            (folder / f"{number}.pdf").write_bytes(one.pdf)

    def floor() -> None:
        for number, one in enumerate(made):
            copy = bytes(bytearray(one.pdf))
            seal.sign_many([hashlib.sha256(copy).digest()])
            (folder / f"{number}.pdf").write_bytes(copy)

    spent = _in_turn({"plain": partial(plain.certificate, layout, records[0], signer), "ours": ours, "floor": floor}, rounds)
    each = {"plain": spent["plain"], "ours": spent["ours"] / AT_ONCE, "floor": spent["floor"] / AT_ONCE}
    told = ", ".join(f"{name} {ms:.2f} ms" for name, ms in each.items())
    yield _line(f"plain : ours, {seal.algorithm}", each["plain"] / each["ours"], told)
    yield _line(f"ours : floor, {seal.algorithm}", each["ours"] / each["floor"], "")
    yield _line("kB of a Greek file", size / 1000, f"{len(layout.pages)} pages, {seal.algorithm}")


def _documents(records: Sequence[Record]) -> list[Document]:
    now = clock.now()
    return [Document(layout_of("competence"), one, credential_of(one, number, at=now)) for number, one in enumerate(records, 1)]


def _in_turn(deeds: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Do each deed in turn, *rounds* times; give the median CPU milliseconds of each."""
    times: dict[str, list[float]] = {name: [] for name in deeds}
    for _ in range(rounds):
        for name, deed in deeds.items():
            before = time.process_time()
            deed()
            times[name].append((time.process_time() - before) * 1000)
    return {name: statistics.median(found) for name, found in times.items()}


def _two_processes(here: Site, records: Sequence[Record]) -> str:
    """Make the same number of certificates in one process, and in two that share them."""
    stored = json.dumps([one.stored() for one in records])
    walls = {}
    for processes in (1, 2):
        with ProcessPoolExecutor(processes) as pool:
            start = partial(_made_there, str(here.settings.instance), here.settings.database, stored)
            list(pool.map(start, [1] * processes * 2))
            before = time.perf_counter()
            list(pool.map(start, [16 // processes] * processes))
            walls[processes] = time.perf_counter() - before
    cores = f"{os.cpu_count()} cores, wall"
    return _line("two processes : one", walls[1] / walls[2], cores)


def _made_there(instance: str, database: str, stored: str, batches: int) -> int:
    """Make some batches in another process."""
    app = _apps.get(instance) or create_app(
        Settings(instance=Path(instance), database_url=database, secret_key="a bench has no secrets", demo=True)
    )
    _apps[instance] = app
    with app.app_context():
        records = [read(one) for one in json.loads(stored)]
        for _ in range(batches):
            pades.sealed(_documents(records), chosen.seal(), at=datetime.now(UTC))
    return batches


_apps: dict[str, Flask] = {}


def _batch_beside_one() -> str:
    """Issue a batch of one and a batch of sixty with all that belongs to it: files stored, recorded, announced, letters written."""
    times: dict[int, list[float]] = {1: [], AT_ONCE: []}
    for _ in range(5):
        for many, found in times.items():
            batch_id = _waiting(many)
            before = time.process_time()
            issue.issue(batch_id)
            while session.scalar(
                select(Certificate.id).where(Certificate.batch_id == batch_id, Certificate.state == State.DECIDED).limit(1)
            ):
                issue.issue(batch_id)
            found.append((time.process_time() - before) * 1000)
            with transaction():
                session.execute(update(Certificate).where(Certificate.batch_id == batch_id).values(state=State.REVOKED))
    one, all_ = statistics.median(times[1]), statistics.median(times[AT_ONCE])
    return _line("60 in one batch : 1 alone", all_ / one, f"{all_:.0f} and {one:.1f} ms, with storing, recording and letters")


def _waiting(many: int) -> int:
    """Let *many* certificates wait to be made, as the decision leaves them."""
    with transaction():
        like = session.scalars(select(Certificate).where(Certificate.kind == "competence").order_by(Certificate.id)).first()
        assert like is not None
        batch = Batch(cohort_id=like.cohort_id, decided_by_id=like.batch.decided_by_id, decided_at=clock.now(), minutes="Bench.")
        session.add(batch)
        session.flush()
        holders = select(Certificate.person_id).where(Certificate.cohort_id == like.cohort_id, Certificate.state.in_(CURRENT))
        free = session.scalars(select(Person.id).where(Person.id.not_in(holders)).order_by(Person.id).limit(many)).all()
        for number, person_id in enumerate(free):
            code, short = codes.secret_code(), codes.short_code()
            record = like.record | {"number": f"BENCH-{batch.id}-{number:06d}", "code": code, "short_code": short}
            record["address"] = like.record["address"].rpartition("/")[0] + "/" + code
            session.add(
                Certificate(
                    batch_id=batch.id, cohort_id=like.cohort_id, person_id=person_id, kind=like.kind, state=State.DECIDED,
                    number=record["number"], code=code, short_code=short, name=like.name, family_name=like.family_name,
                    issued_on=like.issued_on, record=record, layout=like.layout,
                )
            )  # fmt: skip
        return batch.id


def _known_beside_strict(rounds: int) -> str:
    """Look a file up by its digest, and look at it as strictly as one that nobody knows."""
    seals, roots = chosen.known()
    made = pades.sealed(_documents(_records()[:1]), chosen.seal(), at=clock.now())[0].pdf
    known = session.scalars(select(Certificate.digest).where(Certificate.digest.is_not(None))).first()
    assert known is not None
    spent = _in_turn(
        {
            "known": lambda: [finding.is_known(hashlib.sha256(made).hexdigest()) for _ in range(20)],
            "strict": lambda: judge(made, seals, roots, at=clock.now()),
        },
        rounds,
    )
    return _line(
        "strict check : known by hash", spent["strict"] / (spent["known"] / 20), f"{spent['strict']:.1f} and {spent['known'] / 20:.3f} ms"
    )


def _line(name: str, ratio: float, note: str) -> str:
    wanted, way = WANTED[name]
    is_met = ratio >= wanted if way == "least" else ratio <= wanted
    sign = "≥" if way == "least" else "≤"
    return f"{name:32}{ratio:8.1f}  {sign} {wanted:<5}{'ok' if is_met else 'over':6}{note}"
