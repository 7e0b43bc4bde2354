"""What is said about a file: the very one, a later form, the same content, none of ours; and what is said about a seal and its end."""

import hashlib
import re
import socket
from dataclasses import replace
from datetime import UTC, date, datetime
from time import monotonic, process_time

import pytest

from inspire_lms.kernel import clock, files
from inspire_lms.kernel.db import session, transaction
from inspire_lms.kernel.people.models import Person
from inspire_lms.plugins.certificate.issuing import changing
from inspire_lms.plugins.certificate.models import Certificate, Prolonged
from inspire_lms.plugins.certificate.sealing import chosen
from inspire_lms.plugins.certificate.sealing.seal import in_pem
from tests.plugins.certificate.attacks.authorities import Authority
from tests.plugins.certificate.attacks.signatures import resealed, signed
from tests.plugins.certificate.builders import NOW, one_issued
from tests.plugins.certificate.test_check_pages import dropped, text

DEMONSTRATION = "The seal is a demonstration seal. It proves nothing about the issuer."


def heading(answer):
    return re.sub(r"<[^>]+>", "", re.search(r"<h1.*?</h1>", text(answer), re.DOTALL)[0]).strip()


@pytest.fixture
def certificate(app, records):
    """A certificate of Ștefan Țiriac under a demonstration seal; nobody is signed in."""
    return one_issued(records, given_name="Ștefan", family_name="Țiriac")[2]


@pytest.fixture
def own(certificate):
    """The same certificate, as if a seal of one's own stood on it."""
    return changed(certificate, record=certificate.record | {"seal": "own"})


def changed(certificate, **but):
    with transaction():
        row = session.get_one(Certificate, certificate.id)
        for name, value in but.items():
            setattr(row, name, value)
    return row


def prolonged(certificate, *, level="B-T", is_kept=True):
    """Store a later form of a certificate; gives its content."""
    content = files.content_of(certificate.digest) + level.encode()
    with transaction():
        kept = files.keep(b"a later form", "later.txt", by=None, allow=(files.TEXT,)).id if is_kept else None
        digest = hashlib.sha256(content).hexdigest()
        session.add(Prolonged(certificate_id=certificate.id, level=level, file_id=kept, digest=digest, made_at=NOW))
    return content


def same_content(certificate):
    """Give another file with the same content: our seal set once more."""
    seal = chosen.seal()
    return resealed(files.content_of(certificate.digest), lambda digest: signed(digest, seal, holds=[seal.certificate, *seal.chain[:-1]]))


FILES = {
    "issued": (lambda c: files.content_of(c.digest), "Valid: the very file that we issued", "The file is, byte for byte, the one that we issued."),
    "later-form": (prolonged, "Valid: the file that we issued, in a later form", "a later form of the one that we issued: a time stamp was added"),
    "former-form": (lambda c: prolonged(c, is_kept=False), "Valid: the file that we issued, in a form that we no longer keep", "We do not keep this form any more"),
    "same-content": (same_content, "Our seal is valid, but this is not the file that we keep", "the file differs from ours only in the space around the signature"),
}  # fmt: skip


@pytest.mark.parametrize("code", FILES)
def test_a_file_of_ours_is_called_what_it_is(client, own, code):
    make, says, sentence = FILES[code]
    answer = dropped(client, make(own))
    page = text(answer)
    assert (answer.status_code, heading(answer)) == (200, says)
    assert sentence in page
    assert "Ștefan Țiriac" in page
    assert DEMONSTRATION not in page


@pytest.mark.parametrize("code", FILES)
def test_under_a_demonstration_seal_no_file_is_called_valid(client, certificate, code):
    answer = dropped(client, FILES[code][0](certificate))
    assert heading(answer) == "Demonstration: it proves nothing about the issuer"
    assert (DEMONSTRATION in text(answer), FILES[code][2] in text(answer)) == (True, True)


def test_a_digest_opens_every_field_because_whoever_has_it_has_the_file(client, own):
    for digest in (own.digest, own.digest.upper()):
        answer = client.get(f"/certificate/check/file/{digest}")
        assert (answer.status_code, heading(answer), "Ștefan Țiriac" in text(answer)) == (200, "Valid: the very file that we issued", True)
    said = client.get(f"/certificate/check/file/{own.digest}.json").json
    assert (said["status"], said["file"], said["number"], said["record"]["name"], said["is_demonstration"]) == ("valid", "issued", own.number, "Ștefan Țiriac", False)


def test_the_digest_of_a_later_form_is_answered_with_its_own_level(client, own):
    later = hashlib.sha256(prolonged(own, level="B-LTA")).hexdigest()
    said = client.get(f"/certificate/check/file/{later}.json").json
    assert (said["status"], said["file"], said["level"], said["sha256"]) == ("valid", "later-form", "B-LTA", own.digest)
    assert said["forms"] == [{"sha256": later, "level": "B-LTA"}]
    assert "PAdES B-LTA: with time stamps of a third party" in text(client.get(f"/certificate/check/file/{later}"))
    assert "PAdES B-B: without a time stamp" in text(client.get(f"/certificate/check/file/{own.digest}"))


def test_by_its_link_a_certificate_is_answered_with_all_its_files_and_the_level_of_the_latest_that_we_keep(client, own):
    later = hashlib.sha256(prolonged(own)).hexdigest()
    gone = hashlib.sha256(prolonged(own, level="B-LTA", is_kept=False)).hexdigest()
    said = client.get(f"/certificate/check/{own.code}.json").json
    assert (said["level"], said["sha256"]) == ("B-T", own.digest)
    assert said["forms"] == [{"sha256": digest, "level": level} for digest, level in ((own.digest, "B-B"), (later, "B-T"), (gone, "B-LTA"))]
    page = text(client.get(f"/certificate/check/{own.code}"))
    assert f'data-digests="{own.digest} {later} {gone}"' in page
    assert "PAdES B-T: with a time stamp of a third party" in page
    assert client.get(f"/certificate/number/{own.number}.json").json["level"] == "B-T"


def test_a_script_asks_first_and_without_a_body_whether_there_is_an_answer(client, certificate, statements):
    asked = [own_digest := certificate.digest, hashlib.sha256(prolonged(certificate)).hexdigest(), "0" * 64, "none"]
    answers = [client.head(f"/certificate/check/file/{digest}") for digest in asked]
    assert [(answer.status_code, answer.data) for answer in answers] == [(200, b""), (200, b""), (404, b""), (404, b"")]
    client.head(f"/certificate/check/file/{own_digest}")
    with statements() as seen:
        client.head(f"/certificate/check/file/{own_digest}")
    assert len([one for one in seen if "certificate_" in one]) == 1


@pytest.mark.parametrize("digest", ["0" * 64, "0" * 63, "g" * 64, "%27", "file"])
def test_an_unknown_digest_is_said_to_be_unknown_and_the_file_may_be_examined(client, certificate, digest):
    answer = client.get(f"/certificate/check/file/{digest}")
    page = text(answer)
    assert (answer.status_code, heading(answer)) == (404, "Not known")
    assert "We have issued no file that is the same, byte for byte." in page
    assert "We have issued no certificate under what was typed." not in page
    assert page.index('id="file-form"') < page.index('id="f-code"'), "The file comes first: it is what the visitor has."
    assert "Have the file examined here" in page
    twin = client.get(f"/certificate/check/file/{digest}.json")
    assert (twin.status_code, twin.json["status"], set(twin.json)) == (404, "unknown", {"status", "is_demonstration", "checked_at"})


def test_a_file_of_several_revisions_that_the_register_does_not_know_is_refused(client, certificate):
    content = files.content_of(certificate.digest)
    answer = dropped(client, content + content[content.rindex(b"startxref") :])
    assert (heading(answer), "Ștefan" in text(answer)) == ("Changed after it was issued (demonstration seal)", False)
    assert "Something was added to the file after it was sealed." in text(answer)


def test_a_file_whose_seal_was_set_after_its_end_is_refused_by_what_the_register_says(client, certificate):
    changed(certificate, issued_at=chosen.seal().certificate.not_valid_after_utc.replace(year=2090))
    answer = dropped(client, same_content(certificate))
    assert "The seal was set when its certificate was not valid." in text(answer)
    assert "Ștefan" not in text(answer)


@pytest.mark.parametrize(
    ("expires_on", "at", "says"),
    [
        (None, datetime(2199, 1, 1, tzinfo=UTC), "Valid"),
        (date(2029, 3, 31), datetime(2029, 3, 31, 20, 59, 59, tzinfo=UTC), "Valid"),
        (date(2029, 3, 31), datetime(2029, 3, 31, 21, 0, tzinfo=UTC), "Expired"),
        (date(2029, 3, 31), datetime(2040, 1, 1, tzinfo=UTC), "Expired"),
    ],
)
def test_a_certificate_is_valid_to_the_end_of_its_last_day_where_it_was_issued(client, own, expires_on, at, says):
    changed(own, expires_on=expires_on)
    with clock.frozen(at):
        by_link, by_number = client.get(f"/certificate/check/{own.code}"), client.get(f"/certificate/number/{own.number}")
        twin = client.get(f"/certificate/check/{own.code}.json").json
    assert [heading(by_link), heading(by_number)] == [says] * 2
    assert ("31 March 2029" in text(by_link), "Without an end" in text(by_link)) == (expires_on is not None, expires_on is None)
    assert (twin["status"], twin["expires_on"]) == (says.lower(), "2029-03-31" if expires_on else None)


def test_what_was_revoked_or_replaced_is_not_called_expired(client, own):
    coordinator = session.get(Person, own.batch.decided_by_id)
    changed(own, expires_on=date(2027, 1, 1))
    changing.revoke(own.id, reason="A mistake.", by=coordinator.id)
    with clock.frozen(datetime(2030, 1, 1, tzinfo=UTC)):
        answer = client.get(f"/certificate/check/{own.code}")
    assert (heading(answer), "A mistake." in text(answer)) == ("Revoked", True)


def test_every_answer_about_a_demonstration_says_that_it_is_one(client, certificate):
    coordinator = session.get(Person, certificate.batch.decided_by_id)
    content = files.content_of(certificate.digest)
    asked = [lambda: client.get(f"/certificate/check/{certificate.code}"), lambda: client.get(f"/certificate/number/{certificate.number}"), lambda: dropped(client, content)]
    twins = [f"check/{certificate.code}", f"number/{certificate.number}", f"check/file/{certificate.digest}"]
    says = {"valid": "Demonstration: it proves nothing about the issuer", "expired": "Expired (demonstration seal)", "revoked": "Revoked (demonstration seal)"}
    for state, expected in says.items():
        if state == "expired":
            changed(certificate, expires_on=date(2026, 12, 1))
        elif state == "revoked":
            changing.revoke(certificate.id, reason="A mistake.", by=coordinator.id)
        with clock.frozen(datetime(2027, 1, 1, tzinfo=UTC)) if state == "expired" else clock.frozen(clock.now()):
            answers = [ask() for ask in asked]
            codes = [client.get(f"/certificate/{path}.json").json for path in twins]
        assert [heading(answer) for answer in answers] == [expected] * 3
        assert [DEMONSTRATION in text(answer) for answer in answers] == [True] * 3
        assert [(said["status"], said["is_demonstration"]) for said in codes] == [("demonstration" if state == "valid" else state, True)] * 3


def test_a_file_that_is_not_ours_is_not_called_a_demonstration(client, certificate):
    answer = dropped(client, b"%PDF-1.4\nnothing")
    assert (heading(answer), DEMONSTRATION in text(answer)) == ("Not ours", False)


@pytest.fixture
def public(app, tmp_path, monkeypatch):
    """Where the certificates of the seals of before lie."""
    top = app.extensions["inspire_top"]
    monkeypatch.setitem(app.extensions, "inspire_top", lambda folder: tmp_path if folder == "certificates" else top(folder))
    (tmp_path / "public").mkdir()
    return tmp_path / "public"


def test_what_a_seal_of_before_has_sealed_is_recognised_as_long_as_its_certificate_lies_in_public(client, own, public):
    former, theirs = (Authority(clock.now()).seal() for _ in range(2))
    pdf, forged = (resealed(files.content_of(own.digest), lambda digest, seal=seal: signed(digest, seal)) for seal in (former, theirs))
    assert heading(dropped(client, pdf)) == "Changed after it was issued"
    (public / "until-2026.pem").write_bytes(in_pem([former.certificate, *former.chain]))
    assert [heading(dropped(client, one)) for one in (pdf, forged)] == ["Our seal is valid, but this is not the file that we keep", "Changed after it was issued"]
    assert chosen.what_is_wrong() is None


def test_the_doctor_names_a_file_in_public_that_holds_no_certificate(certificate, public):
    (public / "older.pem").write_bytes(b"nothing")
    assert chosen.what_is_wrong().startswith(f"certificates/public names {public / 'older.pem'}, in which no certificate can be read")


def test_while_the_seal_cannot_be_reached_only_a_file_that_nobody_knows_waits_for_its_answer(client, own, app):
    content = files.content_of(own.digest)
    app.config["INSPIRE"] = replace(app.config["INSPIRE"], seal="csc", seal_url="http://127.0.0.1:1", seal_credential="7", seal_access_token="x")
    known = [client.get(f"/certificate/check/{own.code}"), client.get(f"/certificate/number/{own.number}"), dropped(client, content)]
    assert [answer.status_code for answer in known] == [200] * 3
    unknown = dropped(client, content + b"%")
    assert (unknown.status_code, "no unknown file can be examined" in text(unknown)) == (409, True)


def test_no_answer_calls_our_seal_qualified(client, own):
    pages = [client.get(f"/certificate/check/{own.code}"), client.get(f"/certificate/number/{own.number}"), dropped(client, same_content(own)), client.get("/certificate/check")]
    for page in pages:
        assert re.findall(r"(\w+) qualified", text(page)) in ([], ["not"])


@pytest.mark.parametrize("piece", [b"A", b"-AA-1111-111111", b"A-AA-1111-111111 ", b"/ByteRange ", b"%PDF-1.4\n"])
def test_a_file_made_of_one_piece_again_and_again_is_answered_soon(client, certificate, piece):
    began = process_time()
    answer = dropped(client, b"%PDF-1.4\n" + (piece * 5_000_000)[:5_000_000])
    assert (heading(answer), process_time() - began < 3) == ("Not ours", True)


def test_a_file_of_fifty_megabytes_is_refused_at_once_and_in_the_reader_s_language(app, live_server):
    # Only the beginning is sent: whoever answers now has not waited for the rest.
    port = int(live_server.url.rpartition(":")[2])
    head = (
        "POST /certificate/check HTTP/1.1\r\nHost: localhost\r\nAccept-Language: el\r\nAccept: text/html\r\nContent-Length: 50000000\r\n"
        'Content-Type: multipart/form-data; boundary=cut\r\n\r\n--cut\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.4\n'
    )
    began = monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(head.encode())
        said = b""
        while b"</html>" not in said and (more := line.recv(65536)):
            said += more
    answer = said.decode()
    assert (answer.splitlines()[0], monotonic() - began < 10) == ("HTTP/1.1 413 REQUEST ENTITY TOO LARGE", True)
    assert "Αυτό το αρχείο είναι πολύ μεγάλο" in answer
