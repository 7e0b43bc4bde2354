"""The key of the credentials: made once, read by its owner alone, never the seal's, and its public half stays."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from inspire_lms.plugins.certificate.credential import issuing, key
from inspire_lms.plugins.certificate.plugin import plugin
from inspire_lms.plugins.certificate.sealing import chosen
from tests.plugins.certificate.credential.builders import a_credential

CHECK = {one.name: one.run for one in plugin.checks}["credential key"]
"""What the doctor runs."""


def names(folder):
    return sorted(file.name for file in folder.iterdir())


def pem_of(private):
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_of(private):
    return private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def test_it_is_made_at_the_first_need_and_only_its_owner_reads_it(tmp_path):
    folder = tmp_path / "instance" / "credential"
    made = key.opened(folder)
    assert names(folder) == sorted([key.KEY, f"{made.thumbprint}.pem"])
    assert [(folder / key.KEY).stat().st_mode & 0o777, folder.stat().st_mode & 0o777] == [0o600, 0o700]
    assert key.opened(folder) is made
    private = load_pem_private_key((folder / key.KEY).read_bytes(), password=None)
    assert (private.curve.name, load_pem_public_key((folder / f"{made.thumbprint}.pem").read_bytes())) == ("secp256r1", private.public_key())
    assert b"PRIVATE" not in (folder / f"{made.thumbprint}.pem").read_bytes()


def test_whoever_comes_second_uses_what_is_there(tmp_path):
    with ThreadPoolExecutor(8) as at_once:
        found = set(at_once.map(lambda _: key.opened(tmp_path / "credential").thumbprint, range(16)))
    assert len(found) == 1
    assert names(tmp_path / "credential") == sorted([key.KEY, f"{found.pop()}.pem"])


def test_two_processes_that_start_together_have_one_key(tmp_path):
    code = "import sys; from pathlib import Path; from inspire_lms.plugins.certificate.credential import key; print(key.opened(Path(sys.argv[1])).thumbprint)"
    both = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "credential")], stdout=subprocess.PIPE) for _ in range(2)]
    said = {one.communicate()[0] for one in both}
    assert (len(said), [one.returncode for one in both]) == (1, [0, 0])


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_key_that_others_can_read_is_not_used(app, mode):
    a_credential()
    (issuing.folder() / key.KEY).chmod(mode)
    with pytest.raises(PermissionError, match="needs mode 0600"):
        a_credential()
    assert CHECK() == f"Others can read the key of the digital credentials: {issuing.folder() / key.KEY} needs mode 0600."


OTHER_CURVE, OUR_CURVE, NO_CURVE = ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        (key.KEY, pem_of(OTHER_CURVE), "is not a key on the curve P-256."),
        (key.KEY, pem_of(NO_CURVE), "is not a key on the curve P-256."),
        (key.KEY, public_of(OUR_CURVE), "no BEGIN/END delimiters for a private key"),
        (key.KEY, b"nothing", "Unable to load PEM file."),
        ("older.pem", public_of(OTHER_CURVE), "is not a public key on the curve P-256."),
        ("older.pem", pem_of(OUR_CURVE), "Are you sure this is a public key?"),
        ("older.pem", b"nothing", "Unable to load PEM file."),
    ],
)
def test_what_lies_there_and_is_no_key_of_ours_is_an_error_that_the_doctor_tells(tmp_path, name, content, says):
    key.opened(tmp_path)
    (tmp_path / name).write_bytes(content)
    assert says in key.what_is_wrong(tmp_path)


def test_it_is_not_the_key_of_the_seal(app):
    a_credential()
    mine = load_pem_private_key((issuing.folder() / key.KEY).read_bytes(), password=None)
    assert mine.public_key() != chosen.seal().certificate.public_key()


def test_after_a_change_of_keys_the_older_one_stays_published_behind_the_new_one(tmp_path):
    before = key.opened(tmp_path).thumbprint
    (tmp_path / key.KEY).unlink()
    after = key.opened(tmp_path).thumbprint
    assert [one["kid"] for one in key.published(tmp_path)] == [after, before]
    assert all(set(one) == {"kty", "crv", "x", "y", "alg", "use", "kid"} for one in key.published(tmp_path))


def test_the_doctor_has_nothing_against_a_fresh_key(app):
    assert CHECK() is None
