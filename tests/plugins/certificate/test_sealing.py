import datetime as dt
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from inspire_lms.kernel import clock
from inspire_lms.plugins.certificate.sealing import chosen, demo, pades, pkcs12
from inspire_lms.plugins.certificate.sealing.seal import days_left, in_pem, root_of
from inspire_lms.plugins.certificate.verdict import Verdict, judge
from tests.builders import a_trainee
from tests.plugins.certificate.builders import a_coordinator, a_group, drawn, issued, one_issued, sealed


def run(*words, **named):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **named)


@pytest.fixture
def trusting(app, tmp_path):
    """A store of certificates, of a tool that is not ours, in which the demonstration root is trusted."""
    store, root = tmp_path / "nss", tmp_path / "root.pem"
    store.mkdir()
    root.write_bytes(in_pem([root_of(chosen.seal())]))
    assert run("certutil", "-N", "-d", f"sql:{store}", "--empty-password").returncode == 0
    assert run("certutil", "-A", "-d", f"sql:{store}", "-n", "root", "-t", "CT,C,C", "-i", root).returncode == 0
    return store


def stored(app, certificate, folder: Path) -> Path:
    from inspire_lms.kernel import files

    path = folder / f"{certificate.number}.pdf"
    path.write_bytes(files.fetch(certificate.file_id)[1])
    return path


@pytest.mark.parametrize(("country", "given", "family"), [("IT", "Nicolò", "D'Angelo"), ("GR", "Γεώργιος", "Παπαϊωάννου"), ("RO", "Ștefan", "Țiriac")])
def test_an_issued_file_satisfies_tools_that_are_not_ours(app, records, trusting, tmp_path, country, given, family):
    _, _, certificate = one_issued(records, country, given_name=given, family_name=family)
    path = stored(app, certificate, tmp_path)
    seal = run("pdfsig", "-nssdir", trusting, path).stdout
    for said in ("Signature is Valid.", "Certificate is Trusted.", "Total document signed", "ETSI.CAdES.detached", "SHA-256"):
        assert said in seal
    assert "Signature #2" not in seal
    assert run("qpdf", "--check", path).returncode == 0
    assert f"{given} {family}" in " ".join(run("pdftotext", "-layout", path, "-").stdout.split())
    assert certificate.number in run("pdfinfo", path).stdout


def test_a_changed_byte_is_seen_by_the_tool_that_is_not_ours(app, records, trusting, tmp_path):
    _, _, certificate = one_issued(records)
    path = stored(app, certificate, tmp_path)
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 1
    path.write_bytes(bytes(content))
    assert "Signature is Valid." not in run("pdfsig", "-nssdir", trusting, path).stdout


def test_the_seal_is_a_certification_against_every_change_in_the_only_revision(app, records, tmp_path):
    _, _, certificate = one_issued(records)
    pdf = stored(app, certificate, tmp_path).read_bytes()
    assert (pdf.count(b"startxref"), pdf.count(b"%%EOF"), len(pades.RANGES.findall(pdf))) == (1, 1, 1)
    assert b"/DocMDP" in pdf
    assert pades.covered_digest(pdf) == certificate.covered
    assert pades.covered_digest(b"no seal") == ""


def test_the_authority_is_made_once_and_only_its_owner_reads_the_key(tmp_path):
    at = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    first, second = demo.opened(tmp_path / "seal", at=at), demo.opened(tmp_path / "seal", at=at)
    assert first.certificate == second.certificate
    assert stat.S_IMODE((tmp_path / "seal").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "seal" / demo.KEY).stat().st_mode) == 0o600
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["seal"]
    assert sorted(path.name for path in (tmp_path / "seal").iterdir()) == ["chain.pem", "seal.key", "seal.pem"]
    assert days_left(first, at=at) == 365 * demo.YEARS
    names = [one.subject.rfc4514_string() for one in (first.certificate, *first.chain)]
    assert all("not qualified" in name for name in names)


def test_a_key_that_others_can_read_is_not_used(tmp_path):
    at = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    demo.opened(tmp_path / "seal", at=at)
    (tmp_path / "seal" / demo.KEY).chmod(0o644)
    with pytest.raises(PermissionError, match="0600"):
        demo.opened(tmp_path / "seal", at=at)


def a_certificate(key, *, days=400):
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Own seal")])
    at = clock.now()
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    return builder.not_valid_before(at - dt.timedelta(days=1)).not_valid_after(at + dt.timedelta(days=days)).add_extension(usage, critical=True).sign(key, hashes.SHA256())


def a_p12(folder, key, certificate, mode=0o600):
    path = folder / "own.p12"
    path.write_bytes(serialize_key_and_certificates(b"own", key, certificate, None, BestAvailableEncryption(b"secret")))
    path.chmod(mode)
    return path


@pytest.mark.parametrize("key", [lambda: ec.generate_private_key(ec.SECP256R1()), lambda: rsa.generate_private_key(65537, 3072)], ids=["P-256", "RSA 3072"])
def test_an_own_seal_from_a_file_seals_and_is_recognised(app, records, tmp_path, key, trusting):
    from inspire_lms.plugins.certificate.drawing.record import sample

    made = key()
    seal = pkcs12.opened(a_p12(tmp_path, made, a_certificate(made)), "secret")
    pdf = sealed(sample("competence", "ro", "Ștefan Țiriac", "Stefan Tiriac"), seal, at=clock.now())
    assert seal.kind == "own"
    assert judge(pdf, [seal.certificate], [seal.certificate], at=clock.now()).verdict is Verdict.INTACT
    (tmp_path / "own.pdf").write_bytes(pdf)
    assert "Signature is Valid." in run("pdfsig", "-nssdir", trusting, tmp_path / "own.pdf").stdout


def test_the_settings_of_an_instance_choose_the_own_seal_and_every_page_says_so(settings, tmp_path, request):
    from dataclasses import replace

    from inspire_lms.app import create_app
    from inspire_lms.plugins.certificate.drawing.record import sample
    from inspire_lms.plugins.certificate.plugin import plugin

    made = ec.generate_private_key(ec.SECP256R1())
    path = a_p12(tmp_path, made, a_certificate(made))
    app = create_app(replace(settings, seal="p12", seal_file=str(path), seal_password="secret"), [plugin])
    app.config["FONTS_FOLDER"] = request.config.cache.mkdir("fonts")
    with app.app_context():
        seal = chosen.seal()
        assert (seal.kind, chosen.what_is_wrong()) == ("own", None)
        assert not (settings.instance / "seal").exists()
        pdf = drawn(replace(sample("competence", "en", "Jo Ng", "Jo Ng"), seal=seal.kind))
    (tmp_path / "own.pdf").write_bytes(pdf)
    pages = run("pdftotext", "-layout", tmp_path / "own.pdf", "-").stdout.split("\f")[:2]
    assert all("not qualified under Regulation (EU) No 910/2014" in " ".join(page.split()) for page in pages)


@pytest.mark.parametrize(
    ("key", "mode", "says"),
    [
        (lambda: ec.generate_private_key(ec.SECP256R1()), 0o644, "needs mode 0600"),
        (lambda: rsa.generate_private_key(65537, 2048), 0o600, "2048 bits"),
    ],
)
def test_an_own_seal_that_should_not_be_used_is_refused(app, tmp_path, key, mode, says):
    made = key()
    path = a_p12(tmp_path, made, a_certificate(made), mode)
    with pytest.raises(pkcs12.UnfitSealError, match=says):
        pkcs12.opened(path, "secret")


def test_a_wrong_password_is_an_error_that_the_doctor_tells(app, tmp_path):
    made = ec.generate_private_key(ec.SECP256R1())
    path = a_p12(tmp_path, made, a_certificate(made))
    with pytest.raises(ValueError, match=r"."):
        pkcs12.opened(path, "wrong")


def test_the_doctor_has_nothing_against_a_fresh_demonstration_seal(app):
    assert chosen.what_is_wrong() is None
    key = Path(app.instance_path) / "seal" / demo.KEY
    key.chmod(0o640)
    chosen._opened.cache_clear()
    assert "0600" in chosen.what_is_wrong()
    chosen._opened.cache_clear()


def test_the_whole_batch_of_twenty_is_made(app, records):
    cohort = a_group("GR")
    certificates = issued(cohort, [records.met_by(a_trainee(cohort)) for _ in range(20)], by=a_coordinator(cohort))
    assert len({one.digest for one in certificates}) == 20
