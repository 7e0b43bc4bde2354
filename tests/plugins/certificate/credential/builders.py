"""Records and credentials that are valid by default."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from inspire_lms.kernel import clock
from inspire_lms.kernel.db import Words, session, transaction
from inspire_lms.plugins.certificate.credential import issuing
from inspire_lms.plugins.certificate.drawing import record as printed
from inspire_lms.plugins.certificate.drawing.record import PrintedCompetence, Record
from inspire_lms.plugins.certificate.models import Certificate
from inspire_lms.plugins.certificate.rules import Kind
from tests.builders import words

AT = datetime(2026, 11, 20, 9, 30, 15, 250_000, tzinfo=UTC)
CODE = "Sm9obiBoYXMgYSBjb2RlIQ"
SKILL = ("http://data.europa.eu/esco/skill/326809fc-238d-40c2-881e-40042f7f2f0d", "establish collaborative relations", "ESCO")
AREA = ("https://example.org/digcomp/2.4", "Collaborating through digital technologies", "DigComp")


def a_record(kind: Kind = Kind.COMPETENCE, language: str = "el", **but: Any) -> Record:
    """What one document says: two competences, one of which is reached and described in public."""
    made = printed.sample(Kind.COMPETENCE, language, "Ελένη Αντωνίου", "Eleni Antoniou")
    competences = (PrintedCompetence(words("Partnership"), "75.00", words("Advanced"), (SKILL, AREA)), PrintedCompetence(words("Systems"), "59.60", Words()))
    facts = {
        "kind": kind, "number": "INSPIREPA-GR-2026-000007", "code": CODE, "short_code": "7KQFM2XD", "address": f"http://localhost/certificate/check/{CODE}",
        "title": words("Title"), "programme": words("Programme"), "role_title": words("Role"), "body": words("Body"), "mode": words("Online"), "assessment": words("Test"),
        "country": "GR", "country_name": words("Greece"), "edition": "sim-2027", "units": made.units[:1], "issued_on": date(2026, 11, 20), "expires_on": None,
        "results": made.results if kind != Kind.ATTENDANCE else (), "competences": competences if kind != Kind.ATTENDANCE else (),
    }  # fmt: skip
    return replace(made, **facts | but)


def a_credential(record: Record | None = None, *, certificate_id: int = 7, at: datetime = AT) -> str:
    """A signed credential, of a record alone."""
    return issuing.credential_of(record or a_record(), certificate_id, at)


def with_credential(certificate: Certificate) -> str:
    """Sign and store the credential of an issued certificate."""
    with transaction():
        kept = session.get_one(Certificate, certificate.id)
        kept.credential = issuing.credential_of(printed.read(kept.record), kept.id, clock.now())
        return kept.credential
