"""The seal that this instance uses, by its settings; and whose seals are ours when a file is checked."""

from functools import lru_cache
from pathlib import Path

from cryptography import x509
from flask import current_app

from inspire_lms.kernel import clock
from inspire_lms.plugins.certificate.sealing import demo, pkcs12
from inspire_lms.plugins.certificate.sealing.seal import KeySeal, days_left, root_of

WARN_DAYS = 60
"""The doctor says so a month before the seal decides about nothing more."""


def seal() -> KeySeal:
    """Give the seal: of the demonstration authority, made at the first call, or the one in the settings' PKCS #12 file.

    It may be past its end: whoever seals asks `why_not_seal` first, and whoever checks needs it all the same.
    """
    settings = current_app.config["INSPIRE"]
    return _opened(settings.seal, Path(settings.instance).resolve() / "seal", settings.seal_file, settings.seal_password)


@lru_cache(maxsize=8)
def _opened(which: str, folder: Path, file: str, password: str) -> KeySeal:
    if which == "p12":
        return pkcs12.opened(Path(file), password)
    return demo.opened(folder, at=clock.now())


def known() -> tuple[tuple[x509.Certificate, ...], tuple[x509.Certificate, ...]]:
    """Give the certificates of our seals, now and before, and the roots on which they rest.

    Those of before lie in certificates/public: for each seal a file with its certificate first and its root last.
    """
    now = seal()
    chains = [(now.certificate, *now.chain)]
    folder = current_app.extensions["inspire_top"]("certificates") / "public"
    chains += [tuple(x509.load_pem_x509_certificates(path.read_bytes())) for path in sorted(folder.glob("*.pem"))]
    return tuple(chain[0] for chain in chains), (root_of(now), *(chain[-1] for chain in chains[1:]))


def what_is_wrong() -> str | None:
    """Say what is wrong with the seal, for the doctor; None when it can seal."""
    try:
        found = seal()
    except (OSError, ValueError, TypeError) as error:
        return str(error)
    left = days_left(found, at=clock.now())
    return f"The seal's certificate ends in {left} days." if left < WARN_DAYS else None
