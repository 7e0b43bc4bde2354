"""What everybody may read about the issuer, and what only the holder may fetch."""

import json
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from inspire_lms.kernel import files
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.people import queries as people
from inspire_lms.plugins.certificate import actions, queries
from inspire_lms.plugins.certificate.credential import identity, issuing
from inspire_lms.plugins.certificate.plugin import plugin
from tests.builders import a_person
from tests.plugins.certificate.builders import a_coordinator, one_issued
from tests.plugins.certificate.conftest import KEEPER
from tests.plugins.certificate.credential import reader, shapes
from tests.plugins.certificate.credential.builders import with_credential

OWN = ("mine/{}.jwt", "mine/{}.elm.json")
PUBLIC = ("did.json", "issuer.json", "status/0")
KEY = {"kty": "EC", "crv": "P-256", "x": str, "y": str, "alg": "ES256", "use": "sig", "kid": str}
DOCUMENT = {
    "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"], "id": shapes.DID, "alsoKnownAs": ["http://localhost/certificate/issuer.json"],
    "verificationMethod": [{"id": str, "type": "JsonWebKey", "controller": shapes.DID, "publicKeyJwk": KEY}], "assertionMethod": list,
}  # fmt: skip


@pytest.mark.parametrize(
    ("address", "did"),
    [
        ("https://lms.example.org/certificate/did.json", "did:web:lms.example.org:certificate"),
        ("https://LMS.example.org/certificate/did.json", "did:web:lms.example.org:certificate"),
        ("https://lms.example.org:8443/certificate/did.json", "did:web:lms.example.org%3A8443:certificate"),
        ("https://example.org/courses/lms/certificate/did.json", "did:web:example.org:courses:lms:certificate"),
        ("http://127.0.0.1:8000/certificate/did.json", "did:web:127.0.0.1%3A8000:certificate"),
    ],
)
def test_the_name_of_the_issuer_is_where_its_document_lies(address, did):
    assert identity.did_of(address) == did


def test_the_document_names_the_keys_and_for_what_they_are(client):
    answer = client.get("/certificate/did.json")
    said = answer.json if answer.is_json else json.loads(answer.data)
    assert (answer.content_type, answer.headers["Access-Control-Allow-Origin"]) == ("application/did+ld+json", "*")
    assert shapes.wrong(DOCUMENT, said) == []
    (method,) = said["verificationMethod"]
    assert said["assertionMethod"] == [method["id"]] == [f"{said['id']}#{method['publicKeyJwk']['kid']}"]


def test_the_profile_is_that_of_the_same_issuer(client):
    said = json.loads(client.get("/certificate/issuer.json").data)
    assert (said["id"], said["type"], said["name"], said["url"]) == (issuing.issuer(), ["Profile"], "localhost", "http://localhost/")


def test_what_everybody_may_read_needs_no_account_and_is_about_nobody(app, client, records):
    _, _, certificate = one_issued(records)
    with_credential(certificate)
    for address in PUBLIC:
        answer = client.get(f"/certificate/{address}")
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        told = answer.get_data(as_text=True)
        assert not any(secret in told for secret in (certificate.name, certificate.code, certificate.short_code, certificate.number, "@inspire"))


def test_the_site_at_another_address_issues_under_another_name(app):
    app.config["INSPIRE"] = replace(app.config["INSPIRE"], base_url="https://lms.example.org:8443/sim")
    assert issuing.issuer() == "did:web:lms.example.org%3A8443:sim:certificate"


def test_the_holder_fetches_the_very_credential_and_the_export(app, client, sign_in_as, records):
    _, _, certificate = one_issued(records)
    token = with_credential(certificate)
    browser = sign_in_as(client, people.person(certificate.person_id))
    answer = browser.get(f"/certificate/mine/{certificate.id}.jwt")
    assert (answer.get_data(as_text=True), answer.content_type) == (token, "application/vc+jwt")
    assert f'filename="{certificate.number}.jwt"' in answer.headers["Content-Disposition"]
    export = browser.get(f"/certificate/mine/{certificate.id}.elm.json")
    assert export.content_type == "application/ld+json"
    assert f'filename="{certificate.number}.unsigned.elm.json"' in export.headers["Content-Disposition"]
    assert json.loads(export.data)["id"] == reader.parts(token)[1]["id"]
    assert [one.headers["Cache-Control"] for one in (answer, export)] == ["private, no-store"] * 2


@pytest.mark.parametrize("engine", ["fast", "pyhanko"])
def test_the_file_carries_the_very_credential_that_its_holder_fetches_and_software_that_is_not_ours_accepts_it(settings, records, application, sign_in_as, engine):
    with application(replace(settings, seal_engine=engine), [plugin, KEEPER]) as app:
        _, _, certificate = one_issued(records)
        ((name, (attached,)),) = PdfReader(BytesIO(files.content_of(certificate.digest))).attachments.items()
        client = app.test_client()
        fetched = sign_in_as(client, people.person(certificate.person_id)).get(f"/certificate/mine/{certificate.id}.jwt").data
        assert (name, attached) == ("credential.jwt", fetched)
        found = reader.read(attached.decode(), reader.through(app.test_client()))
        assert (found.status.revoked, found.credential["name"].endswith(certificate.number)) == (False, True)


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("coordinator", 404), ("visitor", 303)])
def test_nobody_else_fetches_them(app, client, sign_in_as, records, who, status):
    cohort, _, certificate = one_issued(records)
    with_credential(certificate)
    person = {"stranger": a_person, "coordinator": lambda: a_coordinator(cohort), "visitor": lambda: None}[who]()
    visitor = sign_in_as(client, person) if person else client
    assert [visitor.get(f"/certificate/{one.format(certificate.id)}").status_code for one in OWN] == [status] * 2


def test_what_was_issued_without_a_credential_has_none_to_fetch(app, client, sign_in_as, records):
    _, _, certificate = one_issued(records)
    browser = sign_in_as(client, people.person(certificate.person_id))
    with transaction():
        session.get_one(type(certificate), certificate.id).credential = None
    assert [browser.get(f"/certificate/{one.format(certificate.id)}").status_code for one in OWN] == [404] * 2


def test_after_the_account_was_erased_there_is_nothing_to_fetch(app, client, sign_in_as, records):
    _, _, certificate = one_issued(records)
    with_credential(certificate)
    browser, certificate_id = sign_in_as(client, people.person(certificate.person_id)), certificate.id
    assert [browser.get(f"/certificate/{one.format(certificate_id)}").status_code for one in OWN] == [200] * 2
    actions.forget(certificate.person_id)
    assert [browser.get(f"/certificate/{one.format(certificate_id)}").status_code for one in OWN] == [404] * 2
    assert queries.certificate(certificate_id).credential is None
