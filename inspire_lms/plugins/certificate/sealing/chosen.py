"""The seal and the time stamps that this instance uses, by its settings; and whose seals are ours when a file is checked."""

from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from flask import current_app

from inspire_lms.kernel import clock
from inspire_lms.plugins.certificate.sealing import csc, demo, pkcs11, pkcs12
from inspire_lms.plugins.certificate.sealing.seal import Seal, UnreachableSealError, read_pem, root_of
from inspire_lms.plugins.certificate.sealing.time import Stamper

WARN_DAYS = 60
"""The doctor says so a month before the seal decides about nothing more."""


@dataclass(frozen=True)
class Chosen:
    """What the settings of the instance say about seal and time stamps."""

    instance: Path
    seal: str
    seal_file: str
    seal_password: str = field(repr=False)
    seal_module: str
    seal_token: str
    seal_key: str
    seal_url: str
    seal_credential: str
    seal_access_token: str = field(repr=False)
    seal_pin: str = field(repr=False)
    seal_engine: str
    time_stamp_url: str
    time_stamp_roots: str
    is_production: bool
    """Whether people rely on this site, so that its seal has to be one."""

    @classmethod
    def by(cls, settings: Any) -> "Chosen":  # noqa: ANN401 (the settings stand above everything, and no plugin knows their type)
        """Take from the settings what is about the seal."""
        return cls(**{one.name: getattr(settings, one.name) for one in fields(cls)})


def seal() -> Seal:
    """Give the seal: of the demonstration authority, made at the first call, or an own one, wherever the settings say its key lies.

    It may be past its end: whoever seals asks `why_not_seal` first, and whoever checks needs it all the same. Raises
    UnfitSealError when it may not be used, UnreachableSealError when where it lies does not answer.
    """
    return opened(Chosen.by(current_app.config["INSPIRE"]))


def opened(chosen: Chosen) -> Seal:
    """Open the seal that was chosen, once; a failure is not remembered."""
    return _opened(chosen)


@lru_cache(maxsize=8)
def _opened(chosen: Chosen) -> Seal:
    file = Path(chosen.seal_file) if chosen.seal_file else None
    if chosen.seal == "p12":
        return pkcs12.opened(Path(chosen.seal_file), chosen.seal_password)
    if chosen.seal == "pkcs11":
        return pkcs11.opened(pkcs11.Place(chosen.seal_module, chosen.seal_token, chosen.seal_key, chosen.seal_pin), file)
    if chosen.seal == "csc":
        service = csc.Service(chosen.seal_url, chosen.seal_credential, chosen.seal_access_token, chosen.seal_pin)
        return csc.opened(service, file)
    return demo.opened(chosen.instance.resolve() / "seal", at=clock.now())


def engine() -> str:
    """Say what writes sealed files: fast, or pyhanko."""
    return Chosen.by(current_app.config["INSPIRE"]).seal_engine


def stamper() -> Stamper | None:
    """Give the server of time stamps; None when none is set. Of one server there is one, which remembers that it did not answer."""
    chosen = Chosen.by(current_app.config["INSPIRE"])
    return _stamper(chosen.time_stamp_url, chosen.time_stamp_roots) if chosen.time_stamp_url else None


@lru_cache(maxsize=8)
def _stamper(address: str, roots: str) -> Stamper:
    return Stamper(address, read_pem(Path(roots), "INSPIRE_TIME_STAMP_ROOTS") if roots else ())


def known() -> tuple[tuple[x509.Certificate, ...], tuple[x509.Certificate, ...]]:
    """Give the certificates of our seals, now and before, and the roots on which they rest.

    Those of before lie in certificates/public: for each seal a file with its certificate first and its root last. Raises as seal does,
    and UnfitSealError when one of these files cannot be read.
    """
    now = seal()
    folder = current_app.extensions["inspire_top"]("certificates") / "public"
    before = [read_pem(path, "certificates/public") for path in sorted(folder.glob("*.pem"))]
    return (now.certificate, *(chain[0] for chain in before)), (root_of(now), *(chain[-1] for chain in before))


def what_is_wrong() -> str | None:
    """Say what is wrong with the seal or with those of before, for the doctor; None when it can seal and files can be checked."""
    try:
        known()
        health = seal().health(at=clock.now())
    except (OSError, ValueError, TypeError, UnreachableSealError) as error:
        return str(error)
    if reason := health.why_not():
        return reason
    return f"The seal's certificate ends in {health.days_left} days." if health.days_left < WARN_DAYS else None
