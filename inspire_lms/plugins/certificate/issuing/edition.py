"""The part of an edition file about certificates: read with its mistakes, loaded for each country."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import select

from inspire_lms.kernel import audit
from inspire_lms.kernel.db import Words, session
from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.jobs import later
from inspire_lms.kernel.programmes import queries as programmes
from inspire_lms.kernel.programmes.edition_file import Table
from inspire_lms.plugins.certificate.models import Scheme
from inspire_lms.plugins.certificate.rules import Criterion

ALWAYS_KNOWN = (Criterion.ATTENDANCE.value, Criterion.SURVEY.value)


@dataclass(frozen=True)
class ReadScheme:
    """What the file says for one country."""

    number_prefix: str
    version: str
    requires: tuple[str, ...]
    competence_title: Mapping[str, str]
    attendance_title: Mapping[str, str]
    body: Mapping[str, str]
    accreditation: Mapping[str, str]
    partners: tuple[str, ...]
    mode: Mapping[str, str]
    assessment: Mapping[str, str]
    identity: Mapping[str, str]
    grading: Mapping[str, str]
    prerequisites: Mapping[str, str]
    quality: Mapping[str, str]
    eqf: Mapping[str, str]
    place: Mapping[str, str]
    signatory: str
    signatory_function: Mapping[str, str]


def read(common: Table | None, countries: Mapping[str, Table]) -> dict[str, ReadScheme]:
    """Read what certificates say, by country; an edition without the part certifies nothing."""
    if common is None:
        return {}
    return {country: _one(table.over(common)) for country, table in countries.items()}


def _one(table: Table) -> ReadScheme:
    return ReadScheme(
        number_prefix=table.code("number_prefix").upper(),
        version=table.text("scheme_version", most=60),
        requires=_requires(table),
        competence_title=table.words("competence_title", most=60),
        attendance_title=table.words("attendance_title", most=60),
        body=table.words("awarding_body", most=160),
        accreditation=table.words("accreditation", most=160, default={}),
        partners=tuple(table.texts("partners", most=80, default=())),
        mode=table.words("delivery", most=120),
        assessment=table.words("assessment_type", most=200),
        identity=table.words("identity_check", most=160),
        grading=table.words("grading_scale", most=160, default={}),
        prerequisites=table.words("prerequisites", most=160, default={}),
        quality=table.words("quality_assurance", most=240),
        eqf=table.words("level_statement", most=160),
        place=table.words("place", most=60),
        signatory=table.text("signatory_name", most=60),
        signatory_function=table.words("signatory_function", most=120),
    )


def _requires(table: Table) -> tuple[str, ...]:
    """Read the criteria: attendance, survey, or the code of an assessment of the same file that has a pass mark."""
    given = tuple(table.texts("requires", most=40))
    for one in given:
        if reason := _why_not_require(one, table):
            table.problem("requires", reason)
    if not given:
        table.problem("requires", Reason("A certificate asks for at least one thing."))
    return given


def _why_not_require(one: str, table: Table) -> Reason | None:
    """Say why a certificate cannot ask for *one*: nobody could ever meet it, or everybody would by mistake."""
    if one == Criterion.ATTENDANCE:
        return None
    if one == Criterion.SURVEY:
        return Reason("The certificate asks for a survey, and this edition has none.") if _lacks(table, "survey") else None
    known = table.known("assessment")
    if (table.knows("assessment") or _lacks(table, "assessment")) and one not in known:
        options = ", ".join((*ALWAYS_KNOWN, *known))
        return Reason("“{one}” is neither a criterion nor an assessment of this edition. Known are: {options}.", one=one, options=options)
    if table.knows("assessment with a pass mark") and one not in table.known("assessment with a pass mark"):
        return Reason("“{one}” has no pass mark (pass_percent), so no certificate can ask for it.", one=one)
    return None


def _lacks(table: Table, part: str) -> bool:
    return table.knows("part") and part not in table.known("part")


def load(edition_id: int, schemes: Mapping[str, ReadScheme], by: int | None) -> None:
    """Keep the scheme of each country; one that is there already says from now on what the file says. Issued certificates do not change."""
    for country, scheme in schemes.items():
        kept = session.scalar(select(Scheme).where(Scheme.edition_id == edition_id, Scheme.country == country))
        if kept is None:
            kept = Scheme(edition_id=edition_id, country=country)
        for name, value in asdict(scheme).items():
            setattr(kept, name, Words(value) if isinstance(value, dict) else list(value) if isinstance(value, tuple) else value)
        session.add(kept)
    session.flush()
    for cohort in programmes.cohorts(edition_id):
        later("certificate.look_again", cohort_id=cohort.id)
    audit.record("certificate.scheme-loaded", ("programmes_edition", edition_id), by=by, after={"countries": sorted(schemes)})
