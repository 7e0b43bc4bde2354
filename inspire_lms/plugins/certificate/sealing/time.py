"""Time stamps of a third party (RFC 3161): asked for over HTTP, and believed only when they say what was asked."""

import asyncio
import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from inspire_lms.kernel import clock
from inspire_lms.plugins.certificate.sealing.asking import ANSWERED, NoAnswerError, ask, host_of
from inspire_lms.plugins.certificate.sealing.cms import TOKEN_BYTES
from inspire_lms.plugins.certificate.sealing.library import outside_a_loop
from inspire_lms.plugins.certificate.sealing.seal import TimeStampError, above

WITHIN = 10.0
"""Seconds in which a time stamp has to be there."""
MOST = 64 * 1024
"""Bytes that an answer may have."""
LONGEST = TOKEN_BYTES - 64
"""Bytes that a time stamp may have; the rest of the room in a file is for what stands around it."""
REST = timedelta(minutes=1)
"""How long a server that did not answer is left alone: a batch of 500 must not wait 500 times for one that is down."""
CLOCKS = timedelta(minutes=5)
"""By how much the server's clock may differ from ours."""
_ASKS, _ANSWERS = "application/timestamp-query", "application/timestamp-reply"
_NONCE_BITS = 64
_GRANTED = {"granted", "granted_with_mods"}


class Stamper:
    """A server of time stamps."""

    def __init__(self, address: str, roots: Sequence[x509.Certificate] = ()) -> None:
        """Take the server's address, and the roots on which its stamps have to rest; none: those that it sends along are believed."""
        self.address, self.roots = address, tuple(roots)
        self._rests_until: datetime | None = None

    def token_for(self, signature_value: bytes) -> bytes:
        """Give a TimeStampToken in DER for a signature: it belongs into the unsigned attribute id-aa-timeStampToken.

        Raises TimeStampError when none is to be had, the one that came is not for this signature, or it is longer than the room
        that files have for it.
        """
        return self.token_of(hashlib.sha256(signature_value).digest())

    def token_of(self, digest: bytes) -> bytes:
        """Give a token for a SHA-256 digest; raises TimeStampError as token_for does."""
        nonce = secrets.randbits(_NONCE_BITS) | 1 << (_NONCE_BITS - 1)
        answer = self._asked(_request(digest, nonce))
        try:
            return _believed(answer, digest, nonce, self.roots, at=clock.now())
        except TimeStampError as error:
            msg = f"The time stamp of {host_of(self.address)} is not used: {error}"
            raise TimeStampError(msg) from error
        # The answer of a stranger makes a parser raise whatever it can provoke. Every failure is the same: no time stamp.
        except Exception as error:
            msg = f"The answer of {host_of(self.address)} cannot be read as a time stamp."
            raise TimeStampError(msg) from error

    def _asked(self, request: bytes) -> bytes:
        now = clock.now()
        if self._rests_until is not None and now < self._rests_until:
            msg = f"{host_of(self.address)} did not answer a moment ago and is asked again after {self._rests_until:%H:%M:%S} UTC."
            raise TimeStampError(msg)
        try:
            answer = ask(self.address, request, headers={"Content-Type": _ASKS, "Accept": _ANSWERS}, within=WITHIN, most=MOST)
        except NoAnswerError as error:
            self._rests_until = now + REST
            msg = f"No time stamp is to be had: {error}"
            raise TimeStampError(msg) from error
        if answer.status != ANSWERED or answer.kind != _ANSWERS:
            self._rests_until = now + REST
            msg = f"No time stamp is to be had: {host_of(self.address)} answers with status {answer.status} and {answer.kind}."
            raise TimeStampError(msg)
        self._rests_until = None
        return answer.content


def ends_at(token: bytes) -> datetime:
    """Say until when a token can be checked: as long as the certificate of the server that gave it lasts."""
    signer, _others = certificates_in(token)
    return signer.not_valid_after_utc


def made_at(token: bytes) -> datetime:
    """Say which time a token states."""
    from asn1crypto import cms  # slow import

    moment: datetime = _statement(cms.ContentInfo.load(token))["gen_time"].native
    return moment


def certificates_in(token: bytes) -> tuple[x509.Certificate, list[x509.Certificate]]:
    """Give the certificate that signed a token, and the others that came with it. Raises ValueError when the first is missing."""
    from asn1crypto import cms  # slow import
    from pyhanko.sign.general import extract_certificate_info  # slow import

    found = extract_certificate_info(cms.ContentInfo.load(token)["content"])
    return _ours(found.signer_cert), [_ours(one) for one in found.other_certs]


def root_in(token: bytes) -> x509.Certificate:
    """Give the highest certificate that came with a token."""
    signer, others = certificates_in(token)
    return (signer, *above(signer, others))[-1]


def _request(digest: bytes, nonce: int) -> bytes:
    from asn1crypto import tsp  # slow import

    imprint = {"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": digest}
    asked: bytes = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "nonce": nonce, "cert_req": True}).dump()
    return asked


def _believed(answer: bytes, digest: bytes, nonce: int, roots: Sequence[x509.Certificate], *, at: datetime) -> bytes:
    """Give the token in an answer; raises TimeStampError when it does not say what was asked, or nobody whom we know says it."""
    from asn1crypto import tsp  # slow import

    found = tsp.TimeStampResp.load(answer, strict=True)
    status = found["status"]["status"].native
    if status not in _GRANTED:
        msg = f"the server refuses ({status})."
        raise TimeStampError(msg)
    token = found["time_stamp_token"]
    der: bytes = token.dump()
    if len(der) > LONGEST:
        msg = f"it has {len(der)} bytes, and files have room for {LONGEST}."
        raise TimeStampError(msg)
    said = _statement(token)
    imprint = said["message_imprint"]
    if (imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native) != ("sha256", digest):
        msg = "it is for another signature."
        raise TimeStampError(msg)
    if said["nonce"].native != nonce:
        msg = "it answers another question than ours (nonce)."
        raise TimeStampError(msg)
    if abs(said["gen_time"].native - at) > CLOCKS:
        msg = f"it states {said['gen_time'].native:%d %B %Y, %H:%M} UTC, which is not the time."
        raise TimeStampError(msg)
    _refuse_unsigned(der, digest, roots or (root_in(der),), at)
    return der


def _statement(token: Any) -> Any:  # noqa: ANN401 (types of the slow import)
    """Give what a token states: imprint, nonce, time."""
    held = token["content"]["encap_content_info"]
    if (token["content_type"].native, held["content_type"].native) != ("signed_data", "tst_info"):
        msg = "it is none."
        raise TimeStampError(msg)
    return held["content"].parsed


def _refuse_unsigned(token: bytes, digest: bytes, roots: Sequence[x509.Certificate], at: datetime) -> None:
    """Raise TimeStampError unless a token is signed by a server of time stamps below one of *roots*."""
    from asn1crypto import cms  # slow import
    from pyhanko.sign.validation.generic_cms import validate_tst_signed_data  # slow import
    from pyhanko.sign.validation.status import TimestampSignatureStatus  # slow import
    from pyhanko_certvalidator import ValidationContext  # slow import

    context = ValidationContext(trust_roots=[theirs(one) for one in roots], allow_fetching=False, moment=at)
    signed = cms.ContentInfo.load(token)["content"]
    found = outside_a_loop(lambda: asyncio.run(validate_tst_signed_data(signed, context, lambda _algorithm: digest)))
    status = TimestampSignatureStatus(**found)
    if not (status.intact and status.valid):
        msg = "its signature is wrong."
        raise TimeStampError(msg)
    if not status.trusted:
        msg = "its certificate is not that of a server of time stamps below INSPIRE_TIME_STAMP_ROOTS, valid today."
        raise TimeStampError(msg)


def theirs(certificate: x509.Certificate) -> Any:  # noqa: ANN401
    """Give a certificate as the library for signed PDFs takes it."""
    from asn1crypto import x509 as asn1  # slow import

    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))


def _ours(certificate: Any) -> x509.Certificate:  # noqa: ANN401
    return x509.load_der_x509_certificate(certificate.dump())
