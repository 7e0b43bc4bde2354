import logging
from datetime import timedelta

import pytest

from inspire_lms.kernel import clock, files
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.certificate import actions, codes, queries
from inspire_lms.plugins.certificate.checking import pace
from inspire_lms.plugins.certificate.checking.pace import Pace
from inspire_lms.plugins.certificate.checking.pages import SHOWN
from inspire_lms.plugins.certificate.drawing.record import sample
from inspire_lms.plugins.certificate.issuing import changing
from inspire_lms.plugins.certificate.layout import TEXT_FIELDS
from inspire_lms.plugins.certificate.rules import STAYS_BECAUSE, STAYS_FOR
from inspire_lms.plugins.certificate.sealing import chosen
from tests.builders import staff
from tests.plugins.certificate.builders import NOW, a_group, one_issued, sealed, work


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def certificate(app, records):
    """A certificate of Ștefan Țiriac; nobody is signed in."""
    return one_issued(records, given_name="Ștefan", family_name="Țiriac")[2]


@pytest.fixture
def coordinator(certificate):
    return session.get(Person, certificate.batch.decided_by_id)


def dropped(client, content, name="attestato.pdf"):
    # Written by hand: the client of the tests leaves the temporary file of a large upload open.
    head = f'--cut\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: application/pdf\r\n\r\n'
    return client.post("/certificate/check", data=head.encode() + content + b"\r\n--cut--\r\n", content_type="multipart/form-data; boundary=cut")


def test_the_link_in_the_code_shows_every_printed_field_without_an_account(client, certificate):
    answer = client.get(f"/certificate/check/{certificate.code}")
    page = text(answer)
    assert answer.status_code == 200
    for part in (certificate.number, "Ștefan Țiriac", "15 hours of 16 hours (94%)", "83% (pass mark 60%)", "Unit 8", "Outcome 8.1", "Ștefania Țurcanu", "Demonstration seal, not qualified", "Without an end", "PAdES B-B: without a time stamp"):
        assert part in page
    assert certificate.digest in page


BY_ITSELF = {
    "name": "the heading", "units_heading": "the list of units", "short_code": "opens the check and is not told", "address": "the link that was followed",
    "issued_place": "place and issued", "competences_heading": "competences", "certifies": "a sentence made of others", "statement": "a sentence made of others",
    "supplement": "a sentence made of others", "check": "how to check", "micro": "the same on every document", "funding": "the same on every document",
    "disclaimer": "the same on every document", "page": "the number of the page", "seal": "what is said about the seal",
}  # fmt: skip
"""What is printed and does not stand among the fields of the check, and why."""


def test_the_check_shows_every_field_that_a_layout_may_print():
    assert set(TEXT_FIELDS) - set(SHOWN) == set(BY_ITSELF)


def test_an_unknown_code_is_said_to_be_unknown(client, certificate):
    answer = client.get(f"/certificate/check/{codes.secret_code()}")
    assert (answer.status_code, "Not known" in text(answer)) == (404, True)


@pytest.mark.parametrize(
    ("family_name", "is_shown"),
    [("Țiriac", True), ("tiriac", True), (" ŢIRIAC ", True), ("Pop", False), ("Ștefan", False)],
)
def test_the_short_code_opens_with_the_family_name_only(client, certificate, family_name, is_shown):
    sent = {"code": codes.grouped(certificate.short_code).lower(), "family_name": family_name}
    answer = client.post("/certificate/check", data=sent)
    if is_shown:
        assert answer.location == f"/certificate/check/{certificate.code}"
    else:
        assert (answer.status_code, "Not known" in text(answer), "Ștefan" in text(answer).split("<form")[0]) == (404, True, False)


def test_a_pasted_link_leads_to_its_answer(client, certificate):
    answer = client.post("/certificate/check", data={"code": f"http://localhost/certificate/check/{certificate.code}"})
    assert answer.location == f"/certificate/check/{certificate.code}"


def test_the_short_code_alone_asks_for_the_name(client, certificate):
    answer = client.post("/certificate/check", data={"code": certificate.short_code})
    assert (answer.status_code, "we also need the family name" in text(answer)) == (422, True)


def test_a_mistyped_short_code_is_noticed_before_anything_is_looked_up(client, certificate):
    code = certificate.short_code
    wrong = code[:-1] + codes.ALPHABET[(codes.ALPHABET.index(code[-1]) + 1) % 32]
    answer = client.post("/certificate/check", data={"code": wrong, "family_name": "Țiriac"})
    assert (answer.status_code, "One character of this code is wrong." in text(answer)) == (422, True)


def test_the_number_alone_tells_the_status_and_nothing_about_the_person(client, certificate):
    for answer in (client.post("/certificate/check", data={"code": certificate.number.lower()}), client.get(f"/certificate/number/{certificate.number}")):
        page = text(answer)
        assert answer.status_code == 200
        assert "In the register of this demonstration the certificate is in force." in page
        for hidden in ("Ștefan", "Țiriac", "Tiriac", "83%", certificate.code, certificate.short_code, "Programme"):
            assert hidden not in page


def test_nothing_typed_and_nothing_dropped_is_said(client, certificate):
    answer = client.post("/certificate/check", data={})
    assert (answer.status_code, "Type the short code or the number, or choose the file." in text(answer)) == (422, True)


def test_the_dropped_file_is_recognised_byte_for_byte(client, certificate):
    page = text(dropped(client, files.content_of(certificate.digest)))
    assert "The file is, byte for byte, the one that we issued." in page
    assert "Ștefan Țiriac" in page


def test_a_dropped_file_that_was_changed_is_told_apart_and_gives_nothing_away(client, certificate):
    content = bytearray(files.content_of(certificate.digest))
    content[len(content) // 3] ^= 4
    answer = dropped(client, bytes(content))
    page = text(answer)
    assert answer.status_code == 200
    assert "Changed after it was issued" in page
    assert "Ștefan" not in page


def test_a_file_with_something_appended_is_changed(client, certificate):
    assert "Something was added to the file after it was sealed." in text(dropped(client, files.content_of(certificate.digest) + b"\n%x"))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\nnothing", b"<html>", b"PK\x03\x04", bytes(range(256)) * 40])
def test_any_other_file_is_not_ours(client, certificate, content):
    answer = dropped(client, content)
    assert answer.status_code == 200
    assert "Not ours" in text(answer)


def test_a_file_with_our_seal_that_the_register_does_not_know_is_an_answer_of_its_own(client, certificate):
    page = text(dropped(client, sealed(sample("competence", "ro", "Ștefan Țiriac", "Stefan Tiriac"), chosen.seal())))
    assert "Not in our register" in page
    assert "This file carries our seal, and our register knows no such certificate." in page
    assert "Not ours" not in page
    assert "does not carry our seal" not in page


def test_search_engines_are_asked_to_stay_away_from_every_answer_and_nobody_keeps_a_copy(client, certificate):
    kept_away = [f"check/{certificate.code}", f"check/{certificate.code}.json", f"number/{certificate.number}", f"number/{certificate.number}.json"]
    kept_away += [f"check/file/{digest}{twin}" for digest in (certificate.digest, "0" * 64) for twin in ("", ".json")]
    answers = [*(client.get(f"/certificate/{path}") for path in kept_away), dropped(client, files.content_of(certificate.digest))]
    assert {(one.headers["X-Robots-Tag"], one.headers["Cache-Control"]) for one in answers} == {("noindex, nofollow, noarchive", "no-store")}
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in text(client.get(f"/certificate/check/{certificate.code}"))
    assert "X-Robots-Tag" not in client.get("/certificate/check").headers


def test_a_file_that_names_our_certificate_without_its_seal_is_changed(client, certificate):
    forged = b"%PDF-1.4\n(" + certificate.number.encode() + b")\n%%EOF\n"
    page = text(dropped(client, forged))
    assert "Changed after it was issued" in page
    assert "Ștefan" not in page


def test_a_file_that_is_too_large_is_refused_in_words(client, certificate):
    assert "larger than 5 MB" in text(dropped(client, b"%PDF-1.4\n" + bytes(6_000_000)))


def test_a_revoked_certificate_is_an_answer_with_the_date_and_never_a_missing_page_and_only_who_has_the_document_reads_why(client, certificate, coordinator):
    content, named = files.content_of(certificate.digest), b"%PDF-1.4\n(" + certificate.number.encode() + b")\n%%EOF\n"
    changing.revoke(certificate.id, reason="The attendance of Ana Pop.", by=coordinator.id)
    opened = [client.get(f"/certificate/check/{certificate.code}"), client.get(f"/certificate/check/file/{certificate.digest}"), dropped(client, content)]
    by_number = client.get(f"/certificate/number/{certificate.number}")
    for answer in (*opened, by_number):
        assert answer.status_code == 200
        for part in ("Revoked", "Not valid since", "there is no newer certificate"):
            assert part in text(answer)
    told = [*opened, by_number, dropped(client, named)]
    assert ["Ana Pop" in text(answer) for answer in told] == [True, True, True, False, False]
    twins = [client.get(f"/certificate/{path}.json").json for path in (f"check/{certificate.code}", f"number/{certificate.number}")]
    assert [(said["status"], said.get("reason"), "ended_at" in said) for said in twins] == [("revoked", "The attendance of Ana Pop.", True), ("revoked", None, True)]


def test_a_replaced_certificate_names_the_one_in_its_place(client, certificate, coordinator):
    with transaction():
        session.get_one(Person, certificate.person_id).given_name = "Ștefania"
    changing.replace(certificate.id, reason="Misspelt.", by=coordinator.id)
    work()
    new = queries.replaced_by(certificate.id)
    page = text(client.get(f"/certificate/check/{certificate.code}"))
    for part in ("Replaced", "Misspelt.", new.number):
        assert part in page
    assert new.code not in page


def test_every_link_of_a_chain_is_answered_for_ever_and_names_the_next(client, certificate, coordinator):
    chain = [certificate]
    for given_name in ("Ștefania", "Ștefana"):
        with transaction():
            session.get_one(Person, certificate.person_id).given_name = given_name
        chain.append(changing.replace(chain[-1].id, reason="Misspelt.", by=coordinator.id))
        work()
    changing.revoke(chain[-1].id, reason="A mistake.", by=coordinator.id)
    actions.forget(certificate.person_id)
    answers = [client.get(f"/certificate/check/{one.code}.json") for one in chain]
    found = [(answer.status_code, answer.json["status"], answer.json.get("replaced_by"), answer.json["record"]["name"]) for answer in answers]
    numbers = [one.number for one in chain]
    assert found == [
        (200, "replaced", numbers[1], "Ștefan Țiriac"), (200, "replaced", numbers[2], "Ștefania Țiriac"), (200, "revoked", None, "Ștefana Țiriac"),
    ]  # fmt: skip


def test_what_is_decided_and_not_issued_yet_is_not_known(app, client, records):
    from tests.builders import a_trainee
    from tests.plugins.certificate.builders import a_coordinator, decided

    cohort = a_group()
    decided(cohort, [records.met_by(a_trainee(cohort))], by=a_coordinator(cohort))
    (row,) = queries.register(cohort_id=cohort.id)
    assert client.get(f"/certificate/number/{row.number}").status_code == 404


def test_programs_get_the_same_answer(client, certificate, coordinator):
    by_code = client.get(f"/certificate/check/{certificate.code}.json")
    said = by_code.json
    assert (by_code.status_code, said["status"], said["number"], said["sha256"], said["record"]["name"]) == (200, "demonstration", certificate.number, certificate.digest, "Ștefan Țiriac")
    assert (said["is_demonstration"], said["level"], said["expires_on"]) == (True, "B-B", None)
    assert not {"code", "short_code", "address"} & set(said["record"])
    by_number = client.get(f"/certificate/number/{certificate.number}.json").json
    assert {key: value for key, value in by_number.items() if key != "checked_at"} == {
        "status": "demonstration", "is_demonstration": True, "number": certificate.number, "document": "competence", "level": "B-B", "expires_on": None,
    }  # fmt: skip
    changing.revoke(certificate.id, reason="A mistake.", by=coordinator.id)
    ended = client.get(f"/certificate/check/{certificate.code}.json").json
    assert (ended["status"], ended["reason"]) == ("revoked", "A mistake.")
    assert client.get(f"/certificate/check/{codes.secret_code()}.json").status_code == 404
    assert client.get("/certificate/number/NO-1.json").json["status"] == "unknown"


@pytest.mark.parametrize(("most", "call"), [(pace.MOST_TRIES, "form"), (pace.MOST_LOOKS, "link"), (pace.MOST_LOOKS, "json"), (pace.MOST_LOOKS, "number"), (pace.MOST_LOOKS, "number json"), (pace.MOST_LOOKS, "digest"), (pace.MOST_LOOKS, "digest json")])
def test_too_many_checks_in_a_minute_are_asked_to_wait(client, certificate, most, call, app):
    calls = {
        "form": lambda: client.post("/certificate/check", data={"code": "NO-IT-2027-000001"}),
        "link": lambda: client.get(f"/certificate/check/{certificate.code}"),
        "json": lambda: client.get(f"/certificate/check/{certificate.code}.json"),
        "number": lambda: client.get(f"/certificate/number/{certificate.number}"),
        "number json": lambda: client.get(f"/certificate/number/{certificate.number}.json"),
        "digest": lambda: client.get(f"/certificate/check/file/{certificate.digest}"),
        "digest json": lambda: client.get(f"/certificate/check/file/{certificate.digest}.json"),
    }
    with clock.frozen(NOW):
        statuses = [calls[call]().status_code for _ in range(most + 1)]
    assert 429 not in statuses[:-1]
    assert statuses[-1] == 429


def test_the_pace_forgets_after_a_minute_and_keeps_few_visitors():
    found = Pace()
    assert [found.is_too_fast("a", 2, at=NOW) for _ in range(3)] == [False, False, True]
    assert found.is_too_fast("b", 2, at=NOW) is False
    assert found.is_too_fast("a", 2, at=NOW + timedelta(seconds=61)) is False
    for number in range(pace.MOST_REMEMBERED + 5):
        found.is_too_fast(str(number), 2, at=NOW)
    assert len(found._seen) == pace.MOST_REMEMBERED


@pytest.mark.parametrize(
    ("one", "another", "is_the_same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
    ],
)
def test_a_household_with_more_addresses_than_it_could_ever_use_is_one_visitor(client, app, one, another, is_the_same):
    asked = {"data": {"code": "NO-IT-2027-000001"}}
    with clock.frozen(NOW):
        first = [client.post("/certificate/check", environ_base={"REMOTE_ADDR": one}, **asked).status_code for _ in range(pace.MOST_TRIES)]
        last = client.post("/certificate/check", environ_base={"REMOTE_ADDR": another}, **asked).status_code
    assert (set(first), last) == ({404}, 429 if is_the_same else 404)


def test_a_check_leaves_no_trace_of_the_person_in_the_log(client, certificate, caplog):
    with caplog.at_level(logging.DEBUG):
        client.get(f"/certificate/check/{certificate.code}")
        client.post("/certificate/check", data={"code": certificate.short_code, "family_name": "Țiriac"})
        dropped(client, files.content_of(certificate.digest) + b"x").close()
        client.get(f"/certificate/check/file/{certificate.digest}").close()
        client.get(f"/certificate/number/{certificate.number}").close()
    written = " ".join(record.getMessage() for record in caplog.records)
    assert not any(word in written for word in ("Țiriac", "Tiriac", certificate.code, certificate.short_code, certificate.number, certificate.digest, "127.0.0.1"))


def test_the_public_certificate_of_the_seal_can_be_had(client, certificate):
    answer = client.get("/certificate/issuer.pem")
    assert text(answer).count("BEGIN CERTIFICATE") == 3
    assert "PRIVATE KEY" not in text(answer)


def test_the_check_stands_in_the_menu_of_everybody(client, certificate):
    assert "/certificate/check" in text(client.get("/"))


def test_who_decides_about_one_cohort_finds_its_certificates_in_the_menu(client, sign_in_as, certificate):
    cohort = queries.cohort_place(certificate.cohort_id).cohort
    address = f"/certificate/cohort/{cohort.id}"
    assert address in text(sign_in_as(client, staff(cohort, "coordinator")).get("/certificate/check"))
    assert address not in text(sign_in_as(client, staff(cohort, "trainer")).get("/certificate/check"))


def test_a_certificate_outlives_the_account_and_the_check_says_why_and_for_how_long(app, client, records):
    _, _, certificate = one_issued(records)
    assert "account was erased" not in text(client.get(f"/certificate/check/{certificate.code}"))
    actions.forget(certificate.person_id)
    page = text(client.get(f"/certificate/check/{certificate.code}"))
    assert "The holder’s account was erased" in page
    assert str(STAYS_BECAUSE) in page
    assert str(STAYS_FOR) in page


def test_a_holder_finds_the_credential_beside_the_file(app, client, sign_in_as, records):
    _, _, certificate = one_issued(records)
    page = text(sign_in_as(client, session.get(Person, certificate.person_id)).get("/"))
    for name in (f"mine/{certificate.id}.jwt", f"mine/{certificate.id}.elm.json"):
        assert name in page
        assert client.get(f"/certificate/{name}").status_code == 200
