"""Time stamps: asked for, doubted, and set on the seal, so that tools that are not ours accept them."""

import hashlib
import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest

from inspire_lms.plugins.certificate.sealing import time
from inspire_lms.plugins.certificate.sealing.seal import TimeStampError, in_pem
from inspire_lms.plugins.certificate.sealing.time import Stamper
from tests.plugins.certificate.sealing.conftest import run
from tests.plugins.certificate.sealing.pki import a_key, a_root
from tests.plugins.certificate.sealing.servers import REPLY, Tsa, a_tsa, plainly, sent, serving

VALUE = b"the value of a signature"


@pytest.mark.parametrize("pinned", [True, False], ids=["root in the settings", "root believed"])
@pytest.mark.parametrize("kind", ["P-256", "3072"])
def test_a_time_stamp_is_one_for_openssl_too(tmp_path, pinned, kind):
    made = a_tsa(a_root("Root of the time stamps").below("Issuer of the time stamps"), key=kind)
    root = made.authority.chain[-1]
    with serving(made.answer) as url:
        token = Stamper(url, [root] if pinned else []).token_for(VALUE)
    for name, content in (("token", token), ("value", VALUE), ("root.pem", in_pem([root])), ("chain.pem", in_pem(made.authority.chain))):
        (tmp_path / name).write_bytes(content)
    words = ("ts", "-verify", "-data", tmp_path / "value", "-in", tmp_path / "token", "-token_in", "-CAfile", tmp_path / "root.pem", "-untrusted", tmp_path / "chain.pem")
    assert "Verification: OK" in run("openssl", *words).stdout
    assert abs(time.made_at(token) - datetime.now(UTC)) < timedelta(minutes=1)
    assert time.ends_at(token) == made.certificate.not_valid_after_utc
    assert time.root_in(token) == root


def test_a_time_stamp_whose_server_sends_nothing_but_its_own_certificate_is_believed_or_checked(tsa):
    tsa.brings_chain = False
    assert Stamper(tsa.url).token_for(VALUE)
    assert Stamper(tsa.url, [tsa.authority.certificate]).token_for(VALUE)


def changed_signature(tsa, request):
    reply = tsa.reply(request)
    signer = reply["time_stamp_token"]["content"]["signer_infos"][0]
    value = bytearray(signer["signature"].native)
    value[-1] ^= 1
    signer["signature"] = bytes(value)
    return 200, REPLY, reply.dump(force=True)


def refused(tsa, request):
    reply = tsa.reply(request)
    reply["status"]["status"] = "rejection"
    return 200, REPLY, reply.dump(force=True)


def ordinary_cms(tsa, request):
    reply = tsa.reply(request)
    reply["time_stamp_token"]["content_type"] = "digested_data"
    return 200, REPLY, reply.dump(force=True)


@pytest.mark.parametrize(
    ("behave", "says"),
    [
        (plainly(200, REPLY, b""), "cannot be read as a time stamp"),
        (plainly(200, REPLY, b"nonsense" * 50), "cannot be read as a time stamp"),
        (plainly(200, REPLY, b"0" * (time.MOST + 1)), "more than the 65536 bytes"),
        (plainly(200, "text/html", b"<h1>Welcome</h1>"), "status 200 and text/html"),
        (plainly(500, REPLY, b""), "status 500"),
        (plainly(404, "text/html", b""), "status 404"),
        (plainly(302, REPLY, b""), "status 302"),
        (sent(nonce=12345), "another question than ours"),
        (sent(message_imprint={"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": hashlib.sha256(b"another").digest()}), "for another signature"),
        (sent(message_imprint={"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": hashlib.sha1(VALUE).digest()}), "for another signature"),
        (changed_signature, "its signature is wrong"),
        (refused, "the server refuses .rejection."),
        (ordinary_cms, "is not used|cannot be read"),
    ],
)
def test_what_is_not_the_answer_to_our_question_is_no_time_stamp(tsa, behave, says):
    tsa.behave = behave
    with pytest.raises(TimeStampError, match=says):
        Stamper(tsa.url).token_for(VALUE)


def test_an_answer_without_a_nonce_is_no_time_stamp(tsa):
    def forgetful(tsa, request):
        from asn1crypto import tsp

        return 200, REPLY, tsa.reply(tsp.TimeStampReq({name: request[name] for name in ("version", "message_imprint", "cert_req")})).dump()

    tsa.behave = forgetful
    with pytest.raises(TimeStampError, match="another question than ours"):
        Stamper(tsa.url).token_for(VALUE)


@pytest.mark.parametrize(("minutes", "is_believed"), [(-6, False), (-4, True), (4, True), (6, False)])
def test_the_clock_of_the_server_may_differ_by_five_minutes(tsa, minutes, is_believed):
    tsa.at = datetime.now(UTC) + timedelta(minutes=minutes)
    if is_believed:
        assert Stamper(tsa.url).token_for(VALUE)
    else:
        with pytest.raises(TimeStampError, match="which is not the time"):
            Stamper(tsa.url).token_for(VALUE)


@pytest.mark.parametrize("but", [{"stamps": False}, {"days": -0.5}, {"since": 0.5}], ids=["no server of time stamps", "ended", "not begun"])
def test_a_certificate_that_may_not_give_time_stamps_gives_none(but):
    made = a_tsa(a_root("Root of the time stamps"), **but)
    with serving(made.answer) as url, pytest.raises(TimeStampError, match="its certificate is not that of a server"):
        Stamper(url).token_for(VALUE)


def test_a_time_stamp_below_another_root_than_that_of_the_settings_is_none(tsa):
    with pytest.raises(TimeStampError, match="INSPIRE_TIME_STAMP_ROOTS"):
        Stamper(tsa.url, [a_root("Root of somebody else").certificate]).token_for(VALUE)


def test_a_forged_certificate_below_a_root_of_the_same_name_gives_none(tsa):
    key = a_key("P-256", 91)
    forged = Tsa(tsa.authority, tsa.authority.issue("Forged", key, usage=("digital_signature",), stamps=True), a_key("P-256", 92))
    with serving(forged.answer) as url, pytest.raises(TimeStampError, match=r"signature is wrong|not that of a server"):
        Stamper(url, [tsa.authority.certificate]).token_for(VALUE)


def test_a_server_that_is_late_is_left_alone_for_a_minute(tsa, monkeypatch):
    from inspire_lms.kernel import clock

    monkeypatch.setattr(time, "WITHIN", 0.3)
    tsa.behave = plainly(200, REPLY, b"", after=2)
    stamper = Stamper(tsa.url)
    with pytest.raises(TimeStampError, match=r"did not answer within 0\.3 seconds"):
        stamper.token_for(VALUE)
    tsa.behave = None
    with pytest.raises(TimeStampError, match="is asked again after"):
        stamper.token_for(VALUE)
    assert tsa.asked == 1
    monkeypatch.setattr(time, "WITHIN", 10)
    tsa.at = datetime.now(UTC) + timedelta(minutes=2)
    with clock.frozen(tsa.at):
        assert stamper.token_for(VALUE)
    assert stamper.token_for(VALUE)


def test_a_server_that_sends_a_byte_now_and_then_does_not_keep_us(monkeypatch):
    monkeypatch.setattr(time, "WITHIN", 0.6)
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip():
            connection, _ = listening.accept()
            with connection:
                for letter in b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n" * 3:
                    try:
                        connection.sendall(bytes([letter]))
                    except OSError:
                        return
                    threading.Event().wait(0.1)

        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(TimeStampError, match="did not answer within"):
            Stamper(f"http://127.0.0.1:{listening.getsockname()[1]}").token_for(VALUE)
        thread.join(timeout=5)


def test_a_time_stamp_that_brings_more_than_files_have_room_for_is_none():
    authority = a_root("Root of the time stamps")
    for number in range(20):
        authority = authority.below(f"Issuer {number} of the time stamps")
    made = a_tsa(authority)
    with serving(made.answer) as url, pytest.raises(TimeStampError, match=r"it has \d+ bytes, and files have room for 7104"):
        Stamper(url).token_for(VALUE)


def test_nobody_there_is_said():
    with pytest.raises(TimeStampError, match=r"127\.0\.0\.1:1 cannot be reached"):
        Stamper("http://127.0.0.1:1/tsa").token_for(VALUE)


def test_a_thread_that_runs_a_loop_of_its_own_can_ask_too(tsa):
    import asyncio

    async def inside():
        return Stamper(tsa.url).token_for(VALUE)

    assert asyncio.run(inside())
