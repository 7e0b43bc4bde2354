"""The addresses of the credential: those that programs read to check one, and those at which its holder fetches it.

The public ones may be read from pages of others, since a wallet in a browser does that; nothing in them is about a person.
"""

import json
from typing import Any

from flask import Response, request

from inspire_lms.kernel import clock, files
from inspire_lms.kernel.errors import NotThere
from inspire_lms.kernel.web.guard import needs, public
from inspire_lms.plugins.certificate.credential import identity, issuing, queries, status
from inspire_lms.plugins.certificate.credential.european import european
from inspire_lms.plugins.certificate.drawing import record as printed
from inspire_lms.plugins.certificate.models import Certificate
from inspire_lms.plugins.certificate.views import pages

CREDENTIAL, JSON_LD, DID = "application/vc+jwt", "application/ld+json", "application/did+ld+json"
FOR_ALL = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
"""Whoever checks a credential may ask from anywhere."""


@pages.get("/did.json")
@public
def did() -> Response:
    """Say with which keys this site vouches for its credentials (did:web)."""
    said = identity.document(issuing.issuer(), issuing.keys(), profile=issuing.address("certificate.issuer_profile"))
    return _told(said, DID)


@pages.get("/issuer.json")
@public
def issuer_profile() -> Response:
    """Say who issues the credentials, as Open Badges has it; the awarding body of each stands in the credential itself."""
    return _told(identity.profile(issuing.issuer(), home=issuing.address("pages.home")), JSON_LD)


@pages.get("/status/<int:number>")
@public
def status_list(number: int) -> Response:
    """Say which credentials do not hold any more: a list of bits, signed."""
    if number >= status.LISTS:
        raise NotThere
    token, tag = issuing.status_list_of(number, clock.now())
    answer = Response(token, content_type=CREDENTIAL, headers=FOR_ALL)
    answer.cache_control.public = True
    answer.cache_control.max_age = int(status.FRESH.total_seconds())
    # Weak, since a signature has chance in it: two answers that say the same differ in their bytes.
    answer.set_etag(tag, weak=True)
    answer.make_conditional(request)
    return answer


@pages.get("/mine/<int:certificate_id>.jwt")
@needs("certificate:download-own", own=queries.own_with_credential)
def mine_as_credential(held: Certificate) -> Response:
    """Give a holder the digital credential: the very one that is attached to the file."""
    return files.download((held.credential or "").encode(), f"{held.number}.jwt", CREDENTIAL)


@pages.get("/mine/<int:certificate_id>.elm.json")
@needs("certificate:download-own", own=queries.own_with_credential)
def mine_as_european(held: Certificate) -> Response:
    """Give a holder what the certificate says in the European Learning Model: nobody has signed it, and it says so."""
    record, at = printed.read(held.record), held.issued_at or clock.now()
    return files.download(_json(european(record, issuer=issuing.issuer(), at=at)), f"{held.number}.unsigned.elm.json", JSON_LD)


def _told(said: dict[str, Any], kind: str) -> Response:
    answer = Response(_json(said), content_type=kind, headers=FOR_ALL)
    answer.cache_control.public = True
    answer.cache_control.max_age = int(status.FRESH.total_seconds())
    return answer


def _json(said: dict[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, indent=1).encode()
