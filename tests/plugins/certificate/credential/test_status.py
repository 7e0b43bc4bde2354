"""The list of what does not hold any more: the right bits, for everybody, and about nobody."""

import base64
import gzip
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openvc.status.bitstring import decode_bitstring, get_status_bit
from sqlalchemy import insert

from inspire_lms.kernel.db import session, transaction
from inspire_lms.plugins.certificate.credential import issuing, queries, status
from inspire_lms.plugins.certificate.issuing import changing
from inspire_lms.plugins.certificate.models import Certificate
from tests.plugins.certificate.builders import one_issued
from tests.plugins.certificate.credential import reader, shapes

LIST = {
    "@context": ["https://www.w3.org/ns/credentials/v2"], "id": shapes.ADDRESS, "type": ["VerifiableCredential", "BitstringStatusListCredential"], "issuer": shapes.DID,
    "validFrom": shapes.MOMENT, "validUntil": shapes.MOMENT, "iss": shapes.DID, "jti": shapes.ADDRESS, "sub": shapes.ADDRESS, "nbf": int, "exp": int,
    "credentialSubject": {"id": shapes.ADDRESS, "type": "BitstringStatusList", "statusPurpose": "revocation", "encodedList": str},
}  # fmt: skip


@given(st.sets(st.integers(0, status.LENGTH - 1), max_size=50))
def test_another_reader_finds_the_bits_that_were_set_and_no_others(ended):
    bits = decode_bitstring(status.encoded(ended))
    assert (len(bits), sum(byte.bit_count() for byte in bits)) == (16_384, len(ended))
    assert all(get_status_bit(bits, place) for place in ended)


def test_a_list_is_packed_as_the_recommendation_says():
    text = status.encoded([0, 7, 8])
    assert text.startswith("uH4sI")
    assert "=" not in text
    assert gzip.decompress(base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4)))[:3] == b"\x81\x80\x00"
    assert status.encoded([0, 7, 8]) == text


@pytest.mark.parametrize(
    ("certificate_id", "place"), [(0, (0, 0)), (7, (0, 7)), (131_071, (0, 131_071)), (131_072, (1, 0)), (2**31 - 1, (status.LISTS - 1, 131_071))]
)
def test_every_certificate_has_one_bit(certificate_id, place):
    assert status.place_of(certificate_id) == place


@pytest.mark.parametrize(("minute", "begins"), [(0, 0), (29, 0), (30, 30), (59, 30)])
def test_a_list_is_the_same_for_half_an_hour_and_valid_for_an_hour(minute, begins):
    said = status.claims("u", issuer="did:web:a", address="http://localhost/x", at=datetime(2026, 11, 20, 9, minute, 59, tzinfo=UTC))
    first = datetime(2026, 11, 20, 9, begins, tzinfo=UTC)
    assert (said["nbf"], said["exp"]) == (int(first.timestamp()), int((first + timedelta(hours=1)).timestamp()))
    assert said["validFrom"] == f"2026-11-20T09:{begins:02}:00Z"


def bits_of(client, number=0):
    token = client.get(f"/certificate/status/{number}").get_data(as_text=True)
    return decode_bitstring(reader.parts(token)[1]["credentialSubject"]["encodedList"])


def test_only_what_was_revoked_or_replaced_is_marked(app, client, records):
    _, coordinator, certificate = one_issued(records)
    assert not any(bits_of(client))
    changing.revoke(certificate.id, reason="A mistake.", by=coordinator.id)
    assert (get_status_bit(bits_of(client), certificate.id), sum(bits_of(client).hex().count(digit) for digit in "123456789abcdef")) == (1, 1)


@pytest.mark.both_engines
def test_a_list_begins_where_the_one_before_ends(app, client, records, statements):
    _, coordinator, certificate = one_issued(records)
    changing.revoke(certificate.id, reason="A mistake.", by=coordinator.id)
    row = {column.name: getattr(certificate, column.name) for column in Certificate.__table__.columns}
    revocation = certificate.revocation
    with transaction():
        for number, made in enumerate((status.LENGTH - 1, status.LENGTH), start=2):
            fresh = {"id": made, "number": f"N-{number}", "code": f"c{number}", "short_code": f"s{number}", "digest": f"d{number}", "person_id": coordinator.id, "kind": "attendance"}
            session.execute(insert(Certificate).values(row | fresh))
            session.execute(insert(type(revocation)).values(certificate_id=made, at=revocation.at, by_id=coordinator.id, reason="A mistake."))
    first = certificate.id
    with statements() as seen:
        assert queries.ended_in(0) == [first, status.LENGTH - 1]
    assert len(seen) == 1
    assert (queries.ended_in(1), queries.ended_in(2)) == ([0], [])


def test_a_list_costs_one_statement_and_may_be_kept_for_half_an_hour(client, statements):
    with statements() as seen:
        answer = client.get("/certificate/status/0")
    assert len([one for one in seen if "FROM certificate_" in one]) == 1
    assert (answer.status_code, answer.content_type, answer.headers["Cache-Control"]) == (200, "application/vc+jwt", "public, max-age=1800")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert shapes.wrong(LIST, reader.parts(answer.get_data(as_text=True))[1]) == []


def test_whoever_has_the_list_is_told_that_it_is_the_same_until_it_is_another(app, client, records):
    _, coordinator, certificate = one_issued(records)
    tag = client.get("/certificate/status/0").headers["ETag"]
    again = client.get("/certificate/status/0", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    changing.revoke(certificate.id, reason="A mistake.", by=coordinator.id)
    other = client.get("/certificate/status/0", headers={"If-None-Match": tag})
    assert (other.status_code, other.headers["ETag"] != tag) == (200, True)


@pytest.mark.parametrize(("number", "found"), [(0, 200), (1, 200), (status.LISTS - 1, 200), (status.LISTS, 404), (10**30, 404)])
def test_a_list_of_what_was_never_issued_is_empty_so_that_nobody_learns_how_much_was(client, number, found):
    answer = client.get(f"/certificate/status/{number}")
    assert answer.status_code == found
    assert found == 404 or not any(bits_of(client, number))


def test_nothing_in_the_list_is_about_a_person(app, client, records):
    _, coordinator, certificate = one_issued(records)
    changing.revoke(certificate.id, reason="The attendance of Ana Pop.", by=coordinator.id)
    _, said, _ = reader.parts(client.get("/certificate/status/0").get_data(as_text=True))
    own = {"iss", "issuer", "jti", "sub", "id", "@context", "type", "validFrom", "validUntil", "nbf", "exp", "credentialSubject"}
    assert (set(said), set(said["credentialSubject"])) == (own, {"id", "type", "statusPurpose", "encodedList"})
    told = [said["id"], said["iss"], said["credentialSubject"]["id"]]
    assert told == ["http://localhost/certificate/status/0", issuing.issuer(), "http://localhost/certificate/status/0#list"]
