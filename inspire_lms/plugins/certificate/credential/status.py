"""Whether a credential still holds: a list of one bit for each, as the W3C has it (Bitstring Status List 1.0).

A list says nothing about a person, nor how many credentials there are: it is as long for one as for all, and whoever
reads it does not say about which one. A set bit means that the document was revoked, or replaced by another.
"""

import base64
import gzip
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from inspire_lms.plugins.certificate.credential.badge import VC, in_utc

LENGTH = 131_072
"""Bits of one list: the fewest that the recommendation allows, so that nobody stands in it alone."""
PURPOSE = "revocation"
LISTS = 2**31 // LENGTH
"""More lists than the numbers of certificates can need."""
FRESH = timedelta(minutes=30)
"""How long anybody may keep a list: so late, at most, a revocation is seen."""


def place_of(certificate_id: int) -> tuple[int, int]:
    """Give the list in which a certificate has its bit, and the place of the bit."""
    return divmod(certificate_id, LENGTH)


def entry(place: int, *, address: str) -> dict[str, str]:
    """Say in a credential where its bit stands: at *place* in the list at *address*."""
    return {
        "id": f"{address}#{place}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": PURPOSE,
        "statusListIndex": str(place),
        "statusListCredential": address,
    }


def encoded(ended: Iterable[int]) -> str:
    """Write a list in which the bits at the places *ended* are set; the first bit is the highest of the first byte."""
    bits = bytearray(LENGTH // 8)
    for place in ended:
        bits[place // 8] |= 0x80 >> place % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")


def claims(bits: str, *, issuer: str, address: str, at: datetime) -> dict[str, Any]:
    """Say what the list at *address* says at *at*: signed, and the same for everybody who asks in the same half hour.

    It is valid for twice the time for which it may be kept, so that no copy ends while somebody may still use it.
    """
    begins = slot_of(at)
    ends = begins + 2 * FRESH
    return {
        "@context": [VC],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": in_utc(begins),
        "validUntil": in_utc(ends),
        "credentialSubject": {"id": f"{address}#list", "type": "BitstringStatusList", "statusPurpose": PURPOSE, "encodedList": bits},
        "iss": issuer,
        "jti": address,
        "sub": f"{address}#list",
        "nbf": int(begins.timestamp()),
        "exp": int(ends.timestamp()),
    }


def slot_of(at: datetime) -> datetime:
    """Give the beginning of the half hour in which *at* lies."""
    return datetime.fromtimestamp(at.timestamp() // FRESH.total_seconds() * FRESH.total_seconds(), UTC)
