"""A reader of credentials that is not ours: openvc finds the issuer's keys and the lists by the addresses of the application.

openvc takes a token whose payload is the credential itself as an SD-JWT that discloses nothing (VC-JOSE-COSE 3.2): the same
token with a tilde at its end. Signature, key, dates, issuer and status are looked at by openvc alone.
"""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from openvc import verify_credential
from openvc.did.base import DidResolverRegistry
from openvc.did.did_web import DidWebResolver
from openvc.verify import VerificationPolicy, VerificationResult

Fetch = Callable[[str], str]


def through(client: FlaskClient, *, instead: dict[str, str] | None = None) -> Fetch:
    """Fetch an address from the application, as anybody would who is not signed in; *instead* says what others answer."""
    others = instead or {}

    def fetch(url: str) -> str:
        if url in others:
            return others[url]
        where = urlsplit(url)
        assert where.netloc == "localhost", url
        answer = client.get(where.path)
        assert answer.status_code == 200, (url, answer.status_code)
        return answer.get_data(as_text=True)

    return fetch


def read(token: str, fetch: Fetch) -> VerificationResult:
    """Give what openvc says about a credential; it raises what it refuses it for."""
    resolver = DidResolverRegistry([DidWebResolver(lambda url: _object(fetch(url)))])

    def status_list(url: str) -> dict[str, Any]:
        policy = VerificationPolicy(require_status=False, expected_types=["BitstringStatusListCredential"])
        return verify_credential(f"{fetch(url)}~", resolver=resolver, policy=policy).credential

    policy = VerificationPolicy(expected_types=["OpenBadgeCredential"], require_status_issuer_binding=True)
    return verify_credential(f"{token}~", resolver=resolver, resolve_status_list=status_list, policy=policy)


def parts(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes]:
    """Give header, payload and signature of a token, and believe none of them."""
    header, payload, signature = (base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split("."))
    return json.loads(header), json.loads(payload), signature


def with_payload(token: str, payload: dict[str, Any]) -> str:
    """Put another payload under the signature of a token."""
    header, _, signature = token.split(".")
    said = base64.urlsafe_b64encode(json.dumps(payload, ensure_ascii=False).encode()).decode().rstrip("=")
    return f"{header}.{said}.{signature}"


def _object(text: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(text)
    return said
