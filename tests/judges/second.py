"""The second opinion: page-validation, written by other people in another language than veraPDF.

It sees some things that the first does not, and is blind in another place: of a page whose content has a picture written into it (BI, ID, EI) it
judges no typeface. So the square code is a picture of its own, and the spoiled files spoil a typeface of the page that it stands on.
"""

from typing import NamedTuple

import page

from tests.judges.verapdf import Flavour


class Failure(NamedTuple):
    """A rule that a file breaks."""

    rule: str
    """As this judge calls it: PDFA3A-DEVICE-RGB-001."""
    message: str


def failures(pdf: bytes, flavour: Flavour) -> tuple[Failure, ...]:
    """List the rules of *flavour* that a file breaks, by name; none when it conforms."""
    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile(flavour))
    broken = sorted({Failure(one.rule_id, one.message) for one in report.failures})
    assert report.is_compliant is not bool(broken), "page-validation says one thing and lists another."
    assert report.rules.total > 0, "page-validation has looked at nothing."
    return tuple(broken)
