"""What sealing is tested with from outside: an authority, a token, a signing service, a server of time stamps."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from inspire_lms.kernel import clock
from inspire_lms.plugins.certificate.drawing.record import sample
from inspire_lms.plugins.certificate.issuing.records import layout_of
from inspire_lms.plugins.certificate.sealing import chosen, cms, csc, pades
from inspire_lms.plugins.certificate.sealing.pades import Document
from inspire_lms.plugins.certificate.sealing.seal import TimeStampError, in_pem
from tests.plugins.certificate.sealing.pki import Authority, a_key, a_root, in_pkcs8
from tests.plugins.certificate.sealing.servers import Listener, Tsa, a_tsa, serving

KINDS = {"P-256": "ES256", "3072": "RS256"}
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so", "/opt/homebrew/lib/softhsm/libsofthsm2.so")
PIN = "246810"


def run(*words: Any, **named: Any) -> subprocess.CompletedProcess[str]:
    """Run a program that is not ours."""
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **named)


@pytest.fixture(scope="session")
def authority() -> Authority:
    """An authority below a root, as one buys a seal from."""
    return a_root().below("Authority of these tests")


@pytest.fixture
def tsa() -> Iterator[Tsa]:
    """A server of time stamps below a root of its own."""
    made = a_tsa(a_root("Root of the time stamps"))
    with serving(made.answer) as made.url:
        yield made


def no_stamp(_value: bytes) -> bytes:
    """A server of time stamps that is down: the file is made with room for one."""
    msg = "It is down."
    raise TimeStampError(msg)


@pytest.fixture
def sealed(app: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., bytes]:
    """Make a Greek certificate and seal it, with room for a time stamp of *token_bytes*."""

    def with_room(seal: Any, *, engine: str = "fast", token_bytes: int = cms.TOKEN_BYTES) -> bytes:
        monkeypatch.setattr(cms, "TOKEN_BYTES", token_bytes)
        record = sample("competence", "el", "Γεώργιος Παπαϊωάννου", "Georgios Papaioannou")
        (made,) = pades.sealed([Document(layout_of(record.kind), record, "a.b.c")], seal, at=clock.now(), engine=engine, stamp=no_stamp)
        return made.pdf

    return with_room


@pytest.fixture
def trusting(tmp_path: Path) -> Callable[..., Path]:
    """Make a store of certificates, of a tool that is not ours, in which some roots are trusted."""

    def with_roots(*roots: Any) -> Path:
        store = tmp_path / "nss"
        store.mkdir()
        assert run("certutil", "-N", "-d", f"sql:{store}", "--empty-password").returncode == 0
        for number, root in enumerate(roots):
            (tmp_path / f"root-{number}.pem").write_bytes(in_pem([root]))
            assert run("certutil", "-A", "-d", f"sql:{store}", "-n", f"root-{number}", "-t", "CT,C,C", "-i", tmp_path / f"root-{number}.pem").returncode == 0
        return store

    return with_roots


@dataclass(frozen=True)
class Token:
    """A token of SoftHSM with a key of each kind, labelled by the kind, and the certificate of each under the key's ID."""

    module: Path
    label: str
    certificates: dict[str, Any]


@pytest.fixture(scope="session")
def token(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Token]:
    """A real PKCS #11 module with keys in it."""
    import pkcs11
    from pkcs11.util.x509 import decode_x509_certificate

    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    module = next(path for path in map(Path, MODULES) if path.exists())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        assert run("softhsm2-util", "--init-token", "--free", "--label", "seal", "--pin", PIN, "--so-pin", "13579").returncode == 0
        certificates = {}
        for number, kind in enumerate([*KINDS, "2048"], start=1):
            (folder / "key.pem").write_bytes(in_pkcs8(a_key(kind, 5)))
            assert run("softhsm2-util", "--import", folder / "key.pem", "--token", "seal", "--label", kind, "--id", f"0{number}", "--pin", PIN).returncode == 0
            certificates[kind] = authority.issue(f"Seal {kind} in a token", a_key(kind, 5))
        library = pkcs11.lib(str(module))
        library.reinitialize()
        with library.get_token(token_label="seal").open(rw=True, user_pin=PIN) as session:
            for number, kind in enumerate([*KINDS, "2048"], start=1):
                session.create_object(decode_x509_certificate(in_der(certificates[kind])) | {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.ID: bytes([number]), pkcs11.Attribute.LABEL: f"certificate {kind}"})
            for one in authority.chain:
                session.create_object(decode_x509_certificate(in_der(one)) | {pkcs11.Attribute.TOKEN: True, pkcs11.Attribute.LABEL: "authority"})
        yield Token(module, "seal", certificates)
        library.finalize()
    shutil.rmtree(folder, ignore_errors=True)


def in_der(certificate: Any) -> bytes:
    """Write a certificate as programs read it."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


@pytest.fixture(scope="session")
def signing_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A signing service of the Cloud Signature Consortium's API 1, in a process of its own; every certificate in it is a credential."""
    folder = tmp_path_factory.mktemp("csc")
    certificates = {"root": "", "p256": "P-256", "rsa3072": "3072", "rsa2048": "2048"}
    for name, kind in certificates.items():
        (folder / f"{name}.pem").write_bytes(in_pkcs8(a_key(kind or "P-256", 9 if kind else 8)))
    (folder / "certomancer.yml").write_text(_config(list(certificates)))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        words = [sys.executable, "-W", "ignore", "-c", "import sys; from csc_dummy.runner import run_from_file; run_from_file(sys.argv[1], int(sys.argv[2]))", folder / "certomancer.yml", str(port)]
        served = subprocess.Popen(words, stdout=log, stderr=log, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        try:
            _wait_for(port, served, folder / "log")
            yield f"http://localhost:{port}"
        finally:
            served.terminate()
            served.wait(timeout=10)


def _wait_for(port: int, served: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        assert served.poll() is None, log.read_text()
        try:
            with socket.create_connection(("localhost", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(log.read_text())


def _config(names: list[str]) -> str:
    """Write what certomancer makes its certificates of."""
    keys = "".join(f"      {name}: {{path: {name}.pem}}\n" for name in names)
    entities = "".join(f"      {name}: {{common-name: Remote {name}}}\n" for name in names)
    validity = 'validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2100-01-01T00:00:00+0000"}'
    below = "".join(
        f"      {name}:\n        issuer: root\n        {validity}\n        extensions:\n"
        "          - {id: key_usage, critical: true, smart-value: {schema: key-usage, params: [digital_signature, non_repudiation]}}\n"
        for name in names
        if name != "root"
    )
    return (
        f"keysets:\n  site:\n    keys:\n{keys}"
        f"pki-architectures:\n  site:\n    keyset: site\n    entity-defaults: {{country-name: IT}}\n    entities:\n{entities}"
        f"    certs:\n      root:\n        subject: root\n        issuer: root\n        {validity}\n        extensions:\n"
        "          - {id: basic_constraints, critical: true, value: {ca: true}}\n"
        "          - {id: key_usage, critical: true, smart-value: {schema: key-usage, params: [key_cert_sign, crl_sign]}}\n"
        f"{below}    services: {{}}\n"
    )


@pytest.fixture
def listener(signing_service: str) -> Iterator[tuple[Listener, str]]:
    """Somebody who stands before the signing service and listens, and the address to ask."""
    made = Listener(signing_service)
    with serving(made.answer) as url:
        yield made, url
    csc._known.cache_clear()
    csc._wrong_pins.clear()


@pytest.fixture(autouse=True)
def _nothing_is_remembered() -> Iterator[None]:
    yield
    chosen._opened.cache_clear()
    chosen._stamper.cache_clear()
