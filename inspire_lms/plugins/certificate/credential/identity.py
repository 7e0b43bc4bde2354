"""Who issues the credentials, as programs find it: a name of the method did:web, and the document of its public keys.

Method did:web: the name is an address without https://, its slashes written as colons, and the document lies at
that address under did.json. Nothing in it is about a person.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from inspire_lms.plugins.certificate.credential import badge

CONTEXTS = ("https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1")


@lru_cache(maxsize=8)
def did_of(address: str) -> str:
    """Give the name whose document lies at *address*, which is whole and ends in /did.json."""
    parts = urlsplit(address)
    path = [quote(part, safe="-._") for part in parts.path.split("/") if part][:-1]
    return ":".join(("did:web", quote(parts.netloc.lower(), safe=".-"), *path))


def document(did: str, keys: Sequence[Mapping[str, str]], *, profile: str) -> dict[str, Any]:
    """Say with which keys *did* vouches for what it states; *profile* is the address of what people read about it."""
    names = [f"{did}#{key['kid']}" for key in keys]
    return {
        "@context": list(CONTEXTS),
        "id": did,
        "alsoKnownAs": [profile],
        "verificationMethod": [
            {"id": name, "type": "JsonWebKey", "controller": did, "publicKeyJwk": dict(key)} for name, key in zip(names, keys, strict=True)
        ],
        "assertionMethod": names,
    }


def profile(did: str, *, home: str) -> dict[str, Any]:
    """Say what there is to read about *did*, as an Open Badges profile.

    It is called as its site is: which body awards stands in each credential, since an instance may work for several.
    """
    return {"@context": list(badge.CONTEXTS), "id": did, "type": ["Profile"], "name": urlsplit(home).hostname or home, "url": home}
