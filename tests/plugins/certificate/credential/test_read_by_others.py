"""A credential is read by software that is not ours, through the addresses that the application serves."""

from datetime import date, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from openvc.did.base import DidResolutionError
from openvc.errors import OpenvcError
from openvc.status import CredentialRevoked

from inspire_lms.kernel import clock
from inspire_lms.kernel.people import profile
from inspire_lms.plugins.certificate.credential import issuing, key, status
from inspire_lms.plugins.certificate.issuing import changing
from inspire_lms.plugins.certificate.rules import Kind
from tests.plugins.certificate.builders import one_issued
from tests.plugins.certificate.credential import reader
from tests.plugins.certificate.credential.builders import AT, a_credential, a_record, with_credential

OTHER = "did:web:elsewhere.example:certificate"


@pytest.fixture
def fetch(client):
    return reader.through(client)


def why_refused(token, fetch):
    with pytest.raises(OpenvcError) as refused:
        reader.read(token, fetch)
    return refused.value


@pytest.mark.parametrize("kind", Kind)
def test_a_credential_is_accepted_and_says_who_issued_it_and_that_it_holds(app, fetch, kind):
    found = reader.read(a_credential(a_record(kind)), fetch)
    assert (found.issuer, found.subject) == ("did:web:localhost:certificate", f"{a_record().address}#holder")
    assert (found.status.revoked, [one.entry.index for one in found.status.entries]) == (False, [7])
    assert found.credential["credentialSubject"]["identifier"][0]["identityHash"] == "Ελένη Αντωνίου"


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said["credentialSubject"]["identifier"][0].update(identityHash="Ελένη Αντωνίδου"),
        lambda said: said["credentialSubject"]["result"][0].update(value="99.00"),
        lambda said: said["credentialSubject"]["achievement"].update(achievementType="Certification"),
        lambda said: said["credentialSubject"]["achievement"]["alignment"][0].update(targetUrl="https://example.org"),
        lambda said: said.update(awardedDate="2020-01-01T00:00:00Z"),
        lambda said: said["issuer"].update(name="Somebody else"),
        lambda said: said["credentialStatus"].update(statusListIndex="8"),
        lambda said: said.pop("credentialStatus"),
        lambda said: said.pop("exp"),
    ],
    ids=["name", "result", "kind", "alignment", "date", "body", "place in the list", "status", "end"],
)
def test_one_changed_claim_is_refused_as_a_wrong_signature(app, fetch, change):
    token = a_credential(a_record(expires_on=date(2030, 1, 1)))
    _, said, _ = reader.parts(token)
    change(said)
    assert type(why_refused(reader.with_payload(token, said), fetch)).__name__ == "SignatureInvalid"


def test_a_revoked_one_is_told_apart_from_a_changed_one(app, records, fetch):
    _, coordinator, certificate = one_issued(records)
    token = with_credential(certificate)
    assert reader.read(token, fetch).status.revoked is False
    changing.revoke(certificate.id, reason="A mistake.", by=coordinator.id)
    assert isinstance(why_refused(token, fetch), CredentialRevoked)
    _, said, _ = reader.parts(token)
    said["name"] = "Another"
    assert type(why_refused(reader.with_payload(token, said), fetch)).__name__ == "SignatureInvalid"


def test_a_replaced_one_does_not_hold_any_more_and_the_new_one_does(app, records, fetch):
    _, coordinator, certificate = one_issued(records, given_name="Stefan", family_name="Tiriac", language="ro")
    token = with_credential(certificate)
    profile.change_profile(certificate.person_id, given_name="Ștefan", family_name="Țiriac", latin_given_name="", latin_family_name="", language="ro", zone=None)
    new = changing.replace(certificate.id, reason="Diacritics.", by=coordinator.id)
    assert isinstance(why_refused(token, fetch), CredentialRevoked)
    assert reader.read(with_credential(new), fetch).status.revoked is False


def test_it_holds_to_the_end_of_its_last_day_and_not_longer(app, fetch):
    today = clock.now().date()
    assert reader.read(a_credential(a_record(expires_on=today)), fetch).status.revoked is False
    refused = why_refused(a_credential(a_record(expires_on=today - timedelta(days=2))), fetch)
    assert (type(refused).__name__, "expired" in str(refused).lower()) == ("ClaimsInvalid", True)


def test_one_from_the_future_is_refused(app, fetch):
    refused = why_refused(a_credential(at=clock.now() + timedelta(hours=1)), fetch)
    assert (type(refused).__name__, "not yet valid" in str(refused)) == ("ClaimsInvalid", True)


def test_one_signed_by_another_key_under_our_name_is_refused(app, fetch, tmp_path):
    _, said, _ = reader.parts(a_credential())
    forged = key.opened(tmp_path / "other")
    payload = reader.json.dumps(said)
    assert type(why_refused(forged.signed(payload, issuer=issuing.issuer()), fetch)).__name__ == "KeyResolutionFailed"
    ours = key.opened(issuing.folder())
    claims_to_be_ours = key.SigningKey(forged.key, ours.thumbprint).signed(payload, issuer=issuing.issuer())
    assert type(why_refused(claims_to_be_ours, fetch)).__name__ == "SignatureInvalid"


def test_one_of_another_issuer_is_not_ours_whatever_it_says(app, client, tmp_path):
    _, said, _ = reader.parts(a_credential())
    token = key.opened(tmp_path / "other").signed(reader.json.dumps(said | {"iss": OTHER}), issuer=OTHER)
    elsewhere = reader.through(client, instead=_document_of(tmp_path / "other"))
    assert type(why_refused(token, elsewhere)).__name__ == "ClaimsInvalid"


def _document_of(folder):
    from inspire_lms.plugins.certificate.credential import identity

    said = identity.document(OTHER, key.published(folder), profile="https://elsewhere.example/")
    return {"https://elsewhere.example/certificate/did.json": reader.json.dumps(said)}


def test_a_list_of_another_issuer_does_not_decide_about_ours(app, client, tmp_path):
    address = issuing.address("certificate.status_list", number=0)
    said = status.claims(status.encoded([]), issuer=OTHER, address=address, at=clock.now())
    theirs = key.opened(tmp_path / "other").signed(reader.json.dumps(said), issuer=OTHER)
    instead = _document_of(tmp_path / "other") | {address: theirs}
    assert type(why_refused(a_credential(), reader.through(client, instead=instead))).__name__ == "StatusListIssuerUntrusted"


def test_a_changed_or_outlived_list_decides_about_nothing(app, client):
    address = issuing.address("certificate.status_list", number=0)
    genuine, _ = issuing.status_list_of(0, clock.now())
    _, said, _ = reader.parts(genuine)
    said["credentialSubject"]["encodedList"] = status.encoded([8])
    outlived, _ = issuing.status_list_of(0, clock.now() - timedelta(hours=3))
    for told, name in ((reader.with_payload(genuine, said), "SignatureInvalid"), (outlived, "ClaimsInvalid")):
        assert type(why_refused(a_credential(), reader.through(client, instead={address: told}))).__name__ == name


def test_a_document_of_another_name_is_not_the_issuers(app, client, tmp_path):
    instead = {"https://localhost/certificate/did.json": _document_of(tmp_path / "other")["https://elsewhere.example/certificate/did.json"]}
    refused = why_refused(a_credential(), reader.through(client, instead=instead))
    assert isinstance(refused.__cause__, DidResolutionError)


def test_credentials_of_before_are_accepted_after_the_key_has_changed(app, fetch):
    before = a_credential()
    (issuing.folder() / key.KEY).unlink()
    after = a_credential()
    assert reader.parts(before)[0]["kid"] != reader.parts(after)[0]["kid"]
    for token in (before, after):
        assert reader.read(token, fetch).issuer == "did:web:localhost:certificate"


def test_two_other_libraries_find_the_signature_right(app, client):
    token = a_credential()
    method = client.get("/certificate/did.json").json["verificationMethod"][0]
    said = jwt.decode(token, jwt.PyJWK(method["publicKeyJwk"]), algorithms=["ES256"], options={"require": ["iss", "sub", "jti", "nbf"]})
    assert said == reader.parts(token)[1]
    x, y = (int.from_bytes(jwt.utils.base64url_decode(method["publicKeyJwk"][name])) for name in ("x", "y"))
    signature = reader.parts(token)[2]
    assert len(signature) == 64
    der = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key().verify(der, token.rpartition(".")[0].encode(), ECDSA(hashes.SHA256()))


def test_the_header_names_the_key_and_nothing_else(app):
    header, said, _ = reader.parts(a_credential())
    assert header == {"alg": "ES256", "kid": f"{issuing.issuer()}#{issuing.keys()[0]['kid']}"}
    assert (said["validFrom"], said["nbf"]) == ("2026-11-20T09:30:15Z", int(AT.timestamp()))
