"""Certificates: issued, replaced, revoked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from inspire_lms.contracts import Enquiry, Fact


@dataclass(frozen=True)
class CertificateIssued(Fact):
    """A certificate was sealed and stored."""

    cohort_id: int
    certificate_id: int
    person_id: int


@dataclass(frozen=True)
class CertificateRevoked(Fact):
    """A certificate is not valid any more."""

    cohort_id: int
    certificate_id: int
    person_id: int


@dataclass(frozen=True)
class Held:
    """The certificate that a person holds now."""

    number: str
    issued_at: datetime
    state: str
    """One of valid, replaced, revoked, expired."""


@dataclass(frozen=True)
class CertificatesOf(Enquiry[Mapping[int, tuple[Held, ...]]]):
    """The certificates issued in a cohort, by person id, newest first."""

    cohort_id: int
