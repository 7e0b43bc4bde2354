"""Whether an instance may start with the seal that its settings name; if not, a sentence with the variable and the remedy."""

import ipaddress
import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from inspire_lms.plugins.certificate.sealing import chosen as choice
from inspire_lms.plugins.certificate.sealing.chosen import Chosen
from inspire_lms.plugins.certificate.sealing.seal import SPARE, UnfitSealError, UnreachableSealError, health_of, read_pem

log = logging.getLogger(__name__)

ENGINES = ("fast", "pyhanko")
NEEDS: Mapping[str, Mapping[str, str]] = {
    "demo": {},
    "p12": {"seal_file": "the PKCS #12 file of the seal"},
    "pkcs11": {
        "seal_module": "the library that speaks to the token, such as /usr/lib/softhsm/libsofthsm2.so",
        "seal_token": "the label of the token in which the key lies",
        "seal_key": "the label of the key",
        "seal_pin": "the PIN of the token",
    },
    "csc": {
        "seal_url": "the https address of the signing service",
        "seal_credential": "the ID under which the service knows the key",
        "seal_access_token": "what the service lets us in by",
    },
}
"""What each kind of seal cannot do without, and what that is."""
MAY: Mapping[str, tuple[str, ...]] = {"demo": (), "p12": ("seal_password",), "pkcs11": ("seal_file",), "csc": ("seal_file", "seal_pin")}
"""What else it uses when it is set."""
_ABOUT_THE_KEY = (*dict.fromkeys(name for needs in NEEDS.values() for name in needs), "seal_password")


def refuse(chosen: Chosen, *, at: datetime) -> None:
    """Raise UnfitSealError when an instance may not start so.

    Settings that do not fit together, or name a seal that cannot be used, are refused everywhere; a demonstration seal and one that
    has ended or is about to are where people rely on the site. A key that cannot be reached is not: the rest of the site works
    without it, jobs wait, and the doctor says so.
    """
    if wrong := why_not_together(chosen) or _why_no_file(chosen):
        raise UnfitSealError(wrong)
    if chosen.seal == "demo":
        if chosen.is_production:
            msg = (
                "A site that people rely on does not start with the demonstration seal: set INSPIRE_SEAL to p12, pkcs11 or csc, "
                "or INSPIRE_DEMO=1 where only sample data are shown."
            )
            raise UnfitSealError(msg)
        return
    try:
        seal = choice.opened(chosen)
    except UnreachableSealError as error:
        log.warning("Certificates cannot be sealed until this is mended: %s", error)
        return
    if chosen.is_production and (reason := health_of(seal.certificate, at=at).why_not(spare=SPARE)):
        msg = f"{reason} A site that people rely on starts with one that lasts more than {SPARE.days} days (INSPIRE_SEAL={chosen.seal})."
        raise UnfitSealError(msg)


def why_not_together(chosen: Chosen) -> str | None:
    """Say which settings do not fit together; None when all do."""
    if chosen.seal not in NEEDS:
        return f"INSPIRE_SEAL is {chosen.seal!r}; set it to {_listed(tuple(NEEDS))}."
    if chosen.seal_engine not in ENGINES:
        return f"INSPIRE_SEAL_ENGINE is {chosen.seal_engine!r}; set it to {_listed(ENGINES)}."
    needs = NEEDS[chosen.seal]
    for name, what in needs.items():
        if not getattr(chosen, name):
            return f"INSPIRE_SEAL is {chosen.seal} and {_variable(name)} is not set: set it to {what}."
    for name in _ABOUT_THE_KEY:
        if getattr(chosen, name) and name not in needs and name not in MAY[chosen.seal]:
            users = _listed(tuple(kind for kind in NEEDS if name in NEEDS[kind] or name in MAY[kind]))
            unused = f"{_variable(name)} is set and INSPIRE_SEAL is {chosen.seal}, which does not use it"
            return f"{unused}: set INSPIRE_SEAL to {users}, or leave it out."
    return _why_not_those_addresses(chosen)


def _why_not_those_addresses(chosen: Chosen) -> str | None:
    if chosen.seal == "csc" and not _is_safe(chosen.seal_url):
        return (
            f"INSPIRE_SEAL_URL is {chosen.seal_url}: token and PIN are sent there, so set it to an address that begins with https:// "
            "(http:// only on this machine)."
        )
    if chosen.time_stamp_url and not (_parts(chosen.time_stamp_url) and chosen.time_stamp_url.startswith(("http://", "https://"))):
        return f"INSPIRE_TIME_STAMP_URL is {chosen.time_stamp_url!r}: set it to an address with http:// or https://, or leave it out."
    if chosen.time_stamp_roots and not chosen.time_stamp_url:
        return "INSPIRE_TIME_STAMP_ROOTS is set and INSPIRE_TIME_STAMP_URL is not: set it to the address of the server, or leave both out."
    return None


def _why_no_file(chosen: Chosen) -> str | None:
    """Say which file that the settings name is not there or cannot be read; None when all can."""
    for name in ("seal_file", "seal_module", "time_stamp_roots"):
        path = getattr(chosen, name)
        if path and not Path(path).is_file():
            return f"{_variable(name)} names {path}, and there is no such file: correct it."
    if chosen.time_stamp_roots:
        read_pem(Path(chosen.time_stamp_roots), "INSPIRE_TIME_STAMP_ROOTS")
    return None


def _is_safe(address: str) -> bool:
    """Say whether nobody between here and there can read along."""
    parts = _parts(address)
    if parts is None:
        return False
    scheme, host = parts
    return scheme == "https" or (scheme == "http" and _is_here(host))


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _parts(address: str) -> tuple[str, str] | None:
    """Give scheme and host of an address; None when it is none."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return (parts.scheme, parts.hostname) if parts.hostname else None


def _variable(name: str) -> str:
    return f"INSPIRE_{name.upper()}"


def _listed(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else names[0]
