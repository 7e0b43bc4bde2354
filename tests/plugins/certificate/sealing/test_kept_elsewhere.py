"""Seals whose key is not with us: in a token (PKCS #11), with a signing service (CSC). What they seal satisfies tools that are not ours."""

import base64
import hashlib
import re
import sys
from datetime import UTC, datetime

import pytest
from cryptography import x509

from inspire_lms.kernel import clock
from inspire_lms.plugins.certificate.sealing import csc, pades, pkcs11
from inspire_lms.plugins.certificate.sealing.seal import UnfitSealError, UnreachableSealError, in_pem, is_signature, root_of
from inspire_lms.plugins.certificate.verdict import Verdict, judge
from tests.plugins.certificate.sealing.conftest import KINDS, PIN, run
from tests.plugins.certificate.sealing.pki import a_key


def place(token, key="P-256", *, label="seal", pin=PIN):
    return pkcs11.Place(str(token.module), label, key, pin)


@pytest.fixture(autouse=True)
def _desks_are_left():
    yield
    pkcs11._desk_at.cache_clear()


@pytest.fixture
def outside(tmp_path, trusting):
    """Ask pdfsig, openssl and our own verdict about a sealed file."""

    def ask(pdf, seal):
        path, root = tmp_path / "sealed.pdf", root_of(seal)
        path.write_bytes(pdf)
        said = run("pdfsig", "-nssdir", trusting(root), path).stdout
        first, length, second, rest = (int(one) for one in pades.RANGES.findall(pdf)[0])
        (tmp_path / "covered").write_bytes(pdf[first:length] + pdf[second : second + rest])
        (tmp_path / "seal.p7").write_bytes(bytes.fromhex(pdf[length + 1 : second - 1].decode()))
        (tmp_path / "root.pem").write_bytes(in_pem([root]))
        words = ("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", tmp_path / "seal.p7", "-content", tmp_path / "covered", "-CAfile", tmp_path / "root.pem", "-purpose", "any", "-out", tmp_path / "out")
        return (
            [words for words in ("Signature is Valid.", "Certificate is Trusted.", "Total document signed") if words not in said],
            "CAdES Verification successful" in run("openssl", *words).stderr,
            judge(pdf, [seal.certificate], [root], at=clock.now()).verdict,
        )

    return ask


SATISFIED = ([], True, Verdict.INTACT)


@pytest.mark.parametrize(("kind", "algorithm"), KINDS.items())
@pytest.mark.parametrize("from_a_file", [False, True], ids=["certificate in the token", "certificate in a file"])
def test_a_seal_in_a_token_seals_for_tools_that_are_not_ours(token, authority, sealed, outside, tmp_path, kind, algorithm, from_a_file):
    file = tmp_path / "seal.pem" if from_a_file else None
    if file:
        file.write_bytes(in_pem([token.certificates[kind], *reversed(authority.chain)]))
    seal = pkcs11.opened(place(token, kind), file)
    assert (seal.kind, seal.algorithm, seal.certificate, seal.chain) == ("own", algorithm, token.certificates[kind], authority.chain)
    assert outside(sealed(seal), seal) == SATISFIED
    at = datetime.now(UTC)
    assert seal.health(at=at).why_not() is None


def test_a_batch_is_signed_in_one_session_and_another_one_is_opened_when_it_ended(token):
    import pkcs11 as library

    seal = pkcs11.opened(place(token), None)
    contents = [bytes([number]) * 40 for number in range(20)]
    signed = seal.sign_many(contents)
    session = pkcs11._desk(seal.place)._session
    assert all(is_signature(seal.certificate, *pair) for pair in zip(contents, signed, strict=True))
    assert len(seal.sign_many(contents)) == 20
    assert pkcs11._desk(seal.place)._session is session
    library.lib(str(token.module)).reinitialize()
    assert all(is_signature(seal.certificate, *pair) for pair in zip(contents, seal.sign_many(contents), strict=True))
    assert pkcs11._desk(seal.place)._session is not session
    assert seal.sign_many([]) == []


def test_a_wrong_pin_is_tried_once_and_stands_in_no_message(token):
    wrong = place(token, pin="999999")
    for _ in range(2):
        with pytest.raises(UnfitSealError, match="INSPIRE_SEAL_PIN") as error:
            pkcs11.opened(wrong, None)
        assert "999999" not in f"{error.value} {wrong}"
    desk = pkcs11._desk(wrong)
    desk._pin = PIN
    with pytest.raises(UnfitSealError, match="correct it and start again"):
        pkcs11.opened(wrong, None)


@pytest.mark.parametrize(
    ("but", "error", "says"),
    [
        ({"key": "absent"}, UnfitSealError, "has not exactly one private key with the label absent: correct INSPIRE_SEAL_KEY"),
        ({"key": "2048"}, UnfitSealError, "2048 bits; 3072 are the least"),
        ({"label": "pulled out"}, UnreachableSealError, "The token pulled out cannot be reached through"),
    ],
)
def test_a_token_that_is_not_as_it_should_be_is_refused_in_a_sentence(token, but, error, says):
    with pytest.raises(error, match=says):
        pkcs11.opened(place(token, **but), None)


def test_a_token_that_was_pulled_out_is_trouble_and_the_certificate_in_a_file_is_still_known(token, authority, tmp_path):
    file = tmp_path / "seal.pem"
    file.write_bytes(in_pem([token.certificates["P-256"], *authority.chain]))
    seal = pkcs11.opened(place(token, label="pulled out"), file)
    assert "cannot be reached" in seal.health(at=datetime.now(UTC)).why_not()
    with pytest.raises(UnreachableSealError) as error:
        seal.sign_many([b"content"])
    assert str(error.value.reason).startswith("Nothing can be sealed at the moment")


def test_a_module_that_is_none_is_said(tmp_path, token):
    (tmp_path / "none.so").write_bytes(b"not a library")
    with pytest.raises(UnfitSealError, match="INSPIRE_SEAL_MODULE"):
        pkcs11.opened(pkcs11.Place(str(tmp_path / "none.so"), "seal", "P-256", PIN), None)


def test_a_certificate_of_another_key_never_seals(token, authority, tmp_path):
    file = tmp_path / "other.pem"
    file.write_bytes(in_pem([authority.issue("Another", a_key("P-256", 6))]))
    with pytest.raises(UnfitSealError, match="is not that of the seal's certificate"):
        pkcs11.opened(place(token), file).sign_many([b"content"])


def test_without_the_extra_it_is_named(monkeypatch, token):
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(UnfitSealError, match=r"inspire-lms\[hsm\]"):
        pkcs11.opened(place(token), None)


def service(url, name="p256", **but):
    return csc.Service(**{"address": url, "credential": f"site/{name}", "access_token": "let-me-in"} | but)


@pytest.mark.parametrize(("name", "algorithm"), [("p256", "ES256"), ("rsa3072", "RS256")])
def test_a_seal_with_a_signing_service_seals_for_tools_that_are_not_ours(signing_service, sealed, outside, name, algorithm):
    seal = csc.opened(service(signing_service, name), None)
    assert (seal.kind, seal.algorithm, len(seal.chain)) == ("own", algorithm, 1)
    assert outside(sealed(seal), seal) == SATISFIED
    assert seal.health(at=datetime.now(UTC)).why_not() is None
    csc._known.cache_clear()


def test_a_batch_is_authorised_at_once_as_far_as_the_service_allows_and_only_digests_travel(listener):
    heard, url = listener
    seal = csc.opened(service(f"{url}/csc/v1/"), None)
    contents = [b"content %d" % number for number in range(23)]
    signed = seal.sign_many(contents)
    assert all(is_signature(seal.certificate, *pair) for pair in zip(contents, signed, strict=True))
    asked = [(name, len(sent.get("hash", ())), sent.get("numSignatures")) for name, sent, _ in heard.heard]
    assert asked == [("info", 0, None)] + [pair for size in (10, 10, 3) for pair in (("authorize", size, size), ("signHash", size, None))]
    assert {header for _, _, header in heard.heard} == {"Bearer let-me-in"}
    sent = [one for name, told, _ in heard.heard if name == "signHash" for one in told["hash"]]
    assert sent == [base64.b64encode(hashlib.sha256(content).digest()).decode() for content in contents]
    assert seal.sign_many([]) == []


def test_bare_numbers_instead_of_der_are_understood(listener):
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    def bare(said):
        pairs = [decode_dss_signature(base64.b64decode(one)) for one in said["signatures"]]
        return {"signatures": [base64.b64encode(r.to_bytes(32) + s.to_bytes(32)).decode() for r, s in pairs]}

    heard, url = listener
    heard.change["signHash"] = bare
    seal = csc.opened(service(url), None)
    assert is_signature(seal.certificate, b"content", seal.sign_many([b"content"])[0])


JSON = "application/json"


@pytest.mark.parametrize(
    ("path", "reply", "error", "says"),
    [
        ("info", (401, JSON, b"{}"), UnfitSealError, "does not let us in .401.: renew INSPIRE_SEAL_ACCESS_TOKEN"),
        ("info", (404, JSON, b'{"error": "invalid_request", "error_description": "no such\\u0007 credential"}'), UnfitSealError, "status 404, no such credential. Look at INSPIRE_SEAL_URL"),
        ("info", (408, JSON, b"{}"), UnreachableSealError, "status 408"),
        ("info", (429, JSON, b'{"error": "too_many_requests"}'), UnreachableSealError, "status 429, too_many_requests"),
        ("info", (503, "text/html", b"<h1>closed</h1>"), UnreachableSealError, "status 503"),
        ("info", (302, "text/html", b""), UnreachableSealError, "status 302"),
        ("info", (200, "text/html", b"<h1>hello</h1>"), UnreachableSealError, "something else than JSON"),
        ("info", (200, JSON, b"[]"), UnreachableSealError, "something else than JSON"),
        ("info", (200, JSON, b'{"cert": {"certificates": ["!"]}}'), UnreachableSealError, "does not describe the credential"),
        ("info", (200, JSON, b'{"cert": [], "key": 7}'), UnreachableSealError, "does not describe the credential"),
        ("info", (200, JSON, b"x" * (csc.MOST + 1)), UnreachableSealError, "more than the 1048576 bytes"),
        ("authorize", (500, JSON, b"{}"), UnreachableSealError, "answers credentials/authorize with status 500"),
        ("authorize", (200, JSON, b"{}"), UnreachableSealError, "gave no authorisation to sign"),
        ("signHash", (200, JSON, b'{"signatures": []}'), UnreachableSealError, "not the signatures that were asked for"),
        ("signHash", (200, JSON, b'{"signatures": ["AAAA"]}'), UnreachableSealError, "not the signatures that were asked for"),
        ("signHash", (200, JSON, b'{"signatures": [7]}'), UnreachableSealError, "not the signatures that were asked for"),
        ("signHash", (200, JSON, b'{"signatures": null}'), UnreachableSealError, "not the signatures that were asked for"),
    ],
)
def test_a_service_that_misbehaves_is_said_in_a_sentence_without_secrets(listener, path, reply, error, says):
    heard, url = listener
    heard.instead[path] = reply
    with pytest.raises(error, match=says) as raised:
        csc.opened(service(url, pin="7531"), None).sign_many([b"content"])
    assert not any(secret in str(raised.value) for secret in ("let-me-in", "7531"))


def said(**but):
    return lambda told: told | {name: told.get(name, {}) | value if isinstance(value, dict) else value for name, value in but.items()}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (said(key={"status": "disabled"}), "The credential site/p256 of .* is disabled"),
        (said(cert={"status": "revoked"}), "The certificate of the seal is revoked"),
        (said(cert={"status": "expired"}), "The certificate of the seal is expired"),
        (said(authMode="oauth2code"), "asks a person to confirm"),
        (said(authMode="explicit", OTP={"presence": "true"}), "one-time password"),
        (said(authMode="explicit", PIN={"presence": "true"}), "asks for a PIN: set INSPIRE_SEAL_PIN"),
        (said(key={"algo": ["1.2.840.10045.4.3.3"]}), "offers no signatures with SHA-256"),
    ],
)
def test_a_credential_that_cannot_seal_by_itself_is_refused_and_is_trouble(listener, authority, tmp_path, change, says):
    heard, url = listener
    seal = csc.opened(service(url), None)
    csc._known.cache_clear()
    heard.change["info"] = change
    with pytest.raises(UnfitSealError, match=says):
        csc.opened(service(url), None)
    assert re.search(says, seal.health(at=datetime.now(UTC)).why_not())


def test_the_pin_is_sent_where_it_is_asked_for_and_a_wrong_one_only_once(listener):
    heard, url = listener
    heard.change["info"] = said(authMode="explicit", PIN={"presence": "true"})
    seal = csc.opened(service(url, pin="7531"), None)
    assert len(seal.sign_many([b"content"])) == 1
    assert [sent.get("PIN") for name, sent, _ in heard.heard if name == "authorize"] == ["7531"]
    heard.instead["authorize"] = (400, JSON, b'{"error": "invalid_pin", "error_description": "The PIN is wrong"}')
    for says in ("The PIN is wrong", "correct it and start again"):
        with pytest.raises(UnfitSealError, match=says):
            seal.sign_many([b"content"])
    assert sum(name == "authorize" for name, _, _ in heard.heard) == 2


@pytest.mark.parametrize(("name", "says"), [("rsa2048", "2048 bits")])
def test_a_weak_key_with_a_service_is_refused(signing_service, name, says):
    with pytest.raises(UnfitSealError, match=says):
        csc.opened(service(signing_service, name), None)


def test_a_service_that_is_not_there_is_trouble_and_certificates_in_a_file_are_still_known(listener, tmp_path):
    _heard, url = listener
    known = csc.opened(service(url), None)
    (tmp_path / "seal.pem").write_bytes(in_pem([known.certificate, *known.chain]))
    gone = service("http://127.0.0.1:1")
    seal = csc.opened(gone, tmp_path / "seal.pem")
    assert isinstance(seal.certificate, x509.Certificate)
    assert "127.0.0.1:1 cannot be reached" in seal.health(at=datetime.now(UTC)).why_not()
    with pytest.raises(UnreachableSealError, match="does not answer"):
        csc.opened(gone, None)
