"""What an instance may start with: each wrong setting is refused in a sentence that names the variable and the remedy."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from inspire_lms import serving
from inspire_lms.app import create_app
from inspire_lms.cli import main
from inspire_lms.plugins.certificate.plugin import plugin
from inspire_lms.plugins.certificate.sealing import chosen, pkcs12, starting
from inspire_lms.plugins.certificate.sealing.chosen import Chosen
from inspire_lms.plugins.certificate.sealing.seal import UnfitSealError, why_not_fit
from inspire_lms.settings import Settings
from tests.plugins.certificate.sealing.pki import PASSWORD, SIGNS, a_key, a_p12

ROOT = Path(__file__).parents[4]
HERE = str(Path(__file__))
"""A file that is there and holds no certificate."""
TOKEN = {"seal": "pkcs11", "seal_module": HERE, "seal_token": "seal", "seal_key": "key", "seal_pin": "2468"}
SERVICE = {"seal": "csc", "seal_url": "https://sign.example/api", "seal_credential": "7", "seal_access_token": "let-me-in"}


def why_not(**settings):
    return starting.why_not_together(Chosen.by(Settings(**settings)))


@pytest.mark.parametrize("settings", [{}, {"seal": "p12", "seal_file": HERE}, {"seal": "p12", "seal_file": HERE, "seal_password": "x"}, TOKEN, TOKEN | {"seal_file": HERE}, SERVICE, SERVICE | {"seal_pin": "1", "seal_file": HERE}, SERVICE | {"seal_url": "http://127.0.0.1:8080"}, SERVICE | {"seal_url": "http://localhost:8080"}, {"time_stamp_url": "http://stamps.example/tsa"}, {"time_stamp_url": "https://stamps.example/", "time_stamp_roots": HERE}, {"seal_engine": "pyhanko"}])
def test_settings_that_fit_together_are_not_refused(settings):
    assert why_not(**settings) is None


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"seal": "pfx"}, "INSPIRE_SEAL is 'pfx'; set it to demo, p12, pkcs11 or csc."),
        ({"seal_engine": "quick"}, "INSPIRE_SEAL_ENGINE is 'quick'; set it to fast or pyhanko."),
        ({"seal": "p12"}, "INSPIRE_SEAL is p12 and INSPIRE_SEAL_FILE is not set: set it to the PKCS #12 file of the seal."),
        (TOKEN | {"seal_module": ""}, "INSPIRE_SEAL is pkcs11 and INSPIRE_SEAL_MODULE is not set: set it to the library that speaks to the token, such as /usr/lib/softhsm/libsofthsm2.so."),
        (TOKEN | {"seal_token": ""}, "INSPIRE_SEAL is pkcs11 and INSPIRE_SEAL_TOKEN is not set: set it to the label of the token in which the key lies."),
        (TOKEN | {"seal_key": ""}, "INSPIRE_SEAL is pkcs11 and INSPIRE_SEAL_KEY is not set: set it to the label of the key."),
        (TOKEN | {"seal_pin": ""}, "INSPIRE_SEAL is pkcs11 and INSPIRE_SEAL_PIN is not set: set it to the PIN of the token."),
        (SERVICE | {"seal_url": ""}, "INSPIRE_SEAL is csc and INSPIRE_SEAL_URL is not set: set it to the https address of the signing service."),
        (SERVICE | {"seal_credential": ""}, "INSPIRE_SEAL is csc and INSPIRE_SEAL_CREDENTIAL is not set: set it to the ID under which the service knows the key."),
        (SERVICE | {"seal_access_token": ""}, "INSPIRE_SEAL is csc and INSPIRE_SEAL_ACCESS_TOKEN is not set: set it to what the service lets us in by."),
        ({"seal_file": HERE}, "INSPIRE_SEAL_FILE is set and INSPIRE_SEAL is demo, which does not use it: set INSPIRE_SEAL to p12, pkcs11 or csc, or leave it out."),
        ({"seal_pin": "1"}, "INSPIRE_SEAL_PIN is set and INSPIRE_SEAL is demo, which does not use it: set INSPIRE_SEAL to pkcs11 or csc, or leave it out."),
        (TOKEN | {"seal_password": "x"}, "INSPIRE_SEAL_PASSWORD is set and INSPIRE_SEAL is pkcs11, which does not use it: set INSPIRE_SEAL to p12, or leave it out."),
        ({"seal": "p12", "seal_file": HERE, "seal_key": "key"}, "INSPIRE_SEAL_KEY is set and INSPIRE_SEAL is p12, which does not use it: set INSPIRE_SEAL to pkcs11, or leave it out."),
        (SERVICE | {"seal_url": "http://sign.example/api"}, "INSPIRE_SEAL_URL is http://sign.example/api: token and PIN are sent there, so set it to an address that begins with https:// (http:// only on this machine)."),
        (SERVICE | {"seal_url": "sign.example"}, "INSPIRE_SEAL_URL is sign.example: token and PIN are sent there, so set it to an address that begins with https:// (http:// only on this machine)."),
        ({"time_stamp_url": "stamps.example"}, "INSPIRE_TIME_STAMP_URL is 'stamps.example': set it to an address with http:// or https://, or leave it out."),
        ({"time_stamp_url": "ftp://stamps.example"}, "INSPIRE_TIME_STAMP_URL is 'ftp://stamps.example': set it to an address with http:// or https://, or leave it out."),
        ({"time_stamp_url": "http://[stamps"}, "INSPIRE_TIME_STAMP_URL is 'http://[stamps': set it to an address with http:// or https://, or leave it out."),
        ({"time_stamp_roots": HERE}, "INSPIRE_TIME_STAMP_ROOTS is set and INSPIRE_TIME_STAMP_URL is not: set it to the address of the server, or leave both out."),
    ],
)
def test_settings_that_do_not_fit_together_are_refused_with_variable_and_remedy(settings, says):
    assert why_not(**settings) == says


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"seal": "p12", "seal_file": "/absent.p12"}, "INSPIRE_SEAL_FILE names /absent.p12, and there is no such file: correct it."),
        (TOKEN | {"seal_module": "/absent.so"}, "INSPIRE_SEAL_MODULE names /absent.so, and there is no such file: correct it."),
        ({"time_stamp_url": "http://a.example", "time_stamp_roots": "/absent.pem"}, "INSPIRE_TIME_STAMP_ROOTS names /absent.pem, and there is no such file: correct it."),
        ({"time_stamp_url": "http://a.example", "time_stamp_roots": HERE}, f"INSPIRE_TIME_STAMP_ROOTS names {HERE}, in which no certificate can be read"),
        (SERVICE | {"seal_file": HERE}, f"INSPIRE_SEAL_FILE names {HERE}, in which no certificate can be read"),
        (TOKEN, f"INSPIRE_SEAL_MODULE names {HERE}, which is no library for tokens"),
        ({"seal": "p12", "seal_file": "{p12}", "seal_password": "wrong"}, "either INSPIRE_SEAL_PASSWORD is wrong, or the file is not PKCS #12"),
    ],
)
def test_an_instance_does_not_start_with_what_cannot_be_used(settings, says, tmp_path, authority):
    tmp_path.chmod(0o700)
    path = a_p12(tmp_path / "seal.p12", a_key(), authority.issue("Seal", a_key()))
    given = {name: value.replace("{p12}", str(path)) for name, value in settings.items()}
    with pytest.raises(UnfitSealError) as error:
        starting.refuse(Chosen.by(Settings(**given)), at=datetime.now(UTC))
    assert says in str(error.value)


def test_secrets_stand_in_no_picture_of_the_settings():
    secrets = {name: f"secret-{name}" for name in ("seal_password", "seal_access_token", "seal_pin")}
    settings = Settings(**secrets)
    assert not [one for one in secrets.values() if one in f"{settings!r} {Chosen.by(settings)!r}"]


@pytest.mark.parametrize(
    ("kind", "but", "says"),
    [
        ("P-256", {}, None),
        ("3072", {}, None),
        ("P-256", {"usage": ("digital_signature",)}, None),
        ("P-256", {"usage": ("content_commitment",)}, None),
        ("2048", {}, "its RSA key has 2048 bits; 3072 are the least. Have one issued for a longer key or for P-256."),
        ("P-384", {}, "its key is neither RSA nor on the curve P-256, and not every reader can check others. Have one issued for such a key."),
        ("K-256", {}, "its key is neither RSA nor on the curve P-256, and not every reader can check others. Have one issued for such a key."),
        ("P-256", {"usage": ("key_encipherment",)}, "it is not meant for signing: its key usage names neither digitalSignature nor nonRepudiation. Have one issued for a seal."),
        ("P-256", {"usage": None}, "it is not meant for signing: its key usage names neither digitalSignature nor nonRepudiation. Have one issued for a seal."),
        ("P-256", {"usage": (*SIGNS, "key_cert_sign"), "is_authority": True}, "it is that of an authority. Name that of the seal, which the authority has issued."),
        ("P-256", {"stamps": True}, "it is for a service, not for documents (extended key usage). Have one issued for a seal."),
    ],
)
def test_only_certificates_that_every_reader_can_check_seal(authority, tmp_path, kind, but, says):
    certificate = authority.issue("Seal", a_key(kind), **but)
    assert why_not_fit(certificate) == says
    path = a_p12(tmp_path / "seal.p12", a_key(kind), certificate, authority.chain)
    if says is None:
        assert pkcs12.opened(path, PASSWORD).certificate == certificate
    else:
        with pytest.raises(UnfitSealError) as error:
            pkcs12.opened(path, PASSWORD)
        assert str(error.value) == f"The certificate in {path} may not seal: {says}"


def test_the_chain_stands_in_its_order_whatever_the_order_in_the_file(authority, tmp_path):
    strangers = (authority.issue("Stranger", a_key("P-256", 40)),)
    path = a_p12(tmp_path / "seal.p12", a_key(), authority.issue("Seal", a_key()), (*reversed(authority.chain), *strangers))
    assert pkcs12.opened(path, PASSWORD).chain == authority.chain


@pytest.fixture
def production(settings):
    """The settings of a site that people rely on."""
    return replace(settings, base_url="https://course.example", demo=False)


@pytest.fixture
def with_a_seal(production, authority, tmp_path):
    def made(**but):
        path = a_p12(tmp_path / "seal.p12", a_key(), authority.issue("Seal", a_key(), **but), authority.chain)
        return replace(production, seal="p12", seal_file=str(path), seal_password=PASSWORD)

    return made


@pytest.mark.parametrize(
    ("address", "demo", "is_production"),
    [("https://course.example", False, True), ("https://course.example", True, False), ("http://127.0.0.1:8000", False, False), ("http://127.0.0.1:8000", True, False)],
)
def test_a_site_that_people_rely_on_is_reached_by_https_and_shows_no_sample_data(address, demo, is_production):
    assert Settings(base_url=address, demo=demo).is_production is is_production


def test_production_does_not_start_with_the_demonstration_seal_and_a_demonstration_does(production):
    with pytest.raises(UnfitSealError, match="does not start with the demonstration seal: set INSPIRE_SEAL to p12, pkcs11 or csc"):
        create_app(production, [plugin])
    assert create_app(replace(production, demo=True), [plugin])
    assert create_app(replace(production, base_url="http://localhost"), [plugin])
    assert create_app(production, [])


@pytest.mark.parametrize(
    ("but", "says"),
    [
        ({"days": 31}, None),
        ({"days": 30}, r"ends in 29 days, on .*: have it renewed\. A site that people rely on starts with one that lasts more than 30 days"),
        ({"days": -1, "since": -2}, "The seal's certificate ended on "),
        ({"since": 2}, "The seal's certificate is valid only from "),
    ],
)
def test_production_starts_only_with_a_seal_that_lasts(with_a_seal, but, says):
    settings = with_a_seal(**but)
    if says is None:
        assert create_app(settings, [plugin])
    else:
        with pytest.raises(UnfitSealError, match=says):
            create_app(settings, [plugin])
    assert create_app(replace(settings, base_url="http://localhost"), [plugin])


def test_production_does_not_start_with_a_key_that_others_can_read(with_a_seal):
    settings = with_a_seal()
    Path(settings.seal_file).chmod(0o640)
    with pytest.raises(UnfitSealError, match="needs mode 0600"):
        create_app(settings, [plugin])


def test_a_key_that_cannot_be_reached_does_not_keep_the_site_from_starting(production, caplog):
    settings = replace(production, seal="csc", seal_url="http://127.0.0.1:1", seal_credential="7", seal_access_token="let-me-in")
    app = create_app(settings, [plugin])
    assert "Certificates cannot be sealed until this is mended: The signing service does not answer" in caplog.text
    with app.app_context():
        assert chosen.what_is_wrong().startswith("The signing service does not answer: 127.0.0.1:1 cannot be reached")
    client = app.test_client()
    assert client.get("/certificate/issuer.pem").status_code == 409


def test_the_doctor_says_until_when_the_seal_lasts_and_what_else_is_wrong(with_a_seal, production):
    settings = replace(with_a_seal(days=45.5), base_url="http://localhost")
    with create_app(settings, [plugin]).app_context():
        assert chosen.what_is_wrong() == "The seal's certificate ends in 45 days."
    settings = replace(with_a_seal(days=90), base_url="http://localhost")
    chosen._opened.cache_clear()
    with create_app(settings, [plugin]).app_context():
        assert chosen.what_is_wrong() is None


SENTENCE = "Error: A site that people rely on does not start with the demonstration seal: set INSPIRE_SEAL to p12, pkcs11 or csc, or INSPIRE_DEMO=1 where only sample data are shown.\n"


@pytest.fixture
def environ(settings):
    return {"INSPIRE_INSTANCE": str(settings.instance), "INSPIRE_DATABASE_URL": settings.database_url, "INSPIRE_SECRET_KEY": "x", "INSPIRE_BASE_URL": "https://course.example"}


@pytest.mark.parametrize("command", ["serve", "work", "check", "upgrade"])
def test_every_command_says_it_in_one_sentence(environ, command):
    done = CliRunner().invoke(main, [command], env=environ)
    assert (done.exit_code, done.output) == (1, SENTENCE)


def test_a_server_of_production_says_it_in_one_sentence_and_does_not_try_again(environ):
    words = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--workers", "2", "--log-level", "error", "wsgi:app"]
    done = subprocess.run(words, env=os.environ | environ, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (serving.NOT_TO_BE_LOADED, SENTENCE)


def test_a_wrong_setting_of_any_kind_is_said_by_the_door_for_servers_too(environ):
    wrong = environ | {"INSPIRE_PORT": "many"}
    done = subprocess.run([sys.executable, "-c", "import wsgi"], env=os.environ | wrong, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (serving.NOT_TO_BE_LOADED, "Error: INSPIRE_PORT must be a whole number, and is 'many'.\n")


def test_a_demonstration_uses_nothing_of_the_seal_of_a_real_instance(settings):
    given = replace(settings, **SERVICE, time_stamp_url="https://stamps.example", seal_pin="1", seal_file="/x")
    used = serving.for_a_demo(given, "over", 7)
    left = {name: getattr(used, name) for name in Settings.__dataclass_fields__ if name.startswith(("seal", "time_stamp"))}
    assert left == {name: getattr(Settings(), name) for name in left}
    assert "INSPIRE_SEAL_ACCESS_TOKEN" in serving.left_out_of_a_demo(given, "over", 7)
