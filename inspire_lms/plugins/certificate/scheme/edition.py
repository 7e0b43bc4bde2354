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
from inspire_lms.plugins.certificate.appealing.rules import APPEAL_DAYS
from inspire_lms.plugins.certificate.earning.rules import Criterion
from inspire_lms.plugins.certificate.models import Scheme
from inspire_lms.plugins.certificate.rules import TOPS, Kind
from inspire_lms.plugins.certificate.scheme import titles

ALWAYS_KNOWN = (Criterion.ATTENDANCE.value, Criterion.COMPETENCES.value, Criterion.SURVEY.value)
MOST_MONTHS, MOST_APPEAL_DAYS = 600, 365
MOST_OF_A_TITLE = 60
"""Characters."""
_NO_COMPETENCES = Reason("This says something only where “requires” has “competences”.")
_NO_ACCREDITATION = Reason("Persons are certified by accredited bodies only (ISO/IEC 17024). Say which accreditation: “accreditation”.")


@dataclass(frozen=True)
class ReadScheme:
    """What the file says for one country."""

    number_prefix: str
    version: str
    requires: tuple[str, ...]
    core_competences: tuple[str, ...]
    competence_percent: int | None
    top: str
    validity_months: int | None
    appeal_days: int
    competence_title: Mapping[str, str]
    attendance_title: Mapping[str, str]
    certification_title: Mapping[str, str]
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
    requires, accreditation = _requires(table), table.words("accreditation", most=160, default={})
    return ReadScheme(
        number_prefix=table.code("number_prefix").upper(),
        version=table.text("scheme_version", most=60),
        requires=requires,
        core_competences=_core_competences(table, requires),
        competence_percent=_competence_percent(table, requires),
        top=_top(table, accreditation),
        validity_months=table.whole("validity_months", least=1, most=MOST_MONTHS) if table.has("validity_months") else None,
        appeal_days=table.whole("appeal_days", least=1, most=MOST_APPEAL_DAYS, default=APPEAL_DAYS),
        competence_title=_title(table, "competence_title", Kind.COMPETENCE, accreditation),
        attendance_title=_title(table, "attendance_title", Kind.ATTENDANCE, accreditation),
        certification_title=_certification_title(table, accreditation),
        body=table.words("awarding_body", most=160),
        accreditation=accreditation,
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
    """Read the criteria: attendance, competences, survey, or the code of an assessment of the same file that has a pass mark."""
    given = tuple(table.texts("requires", most=40))
    for one in given:
        if reason := _why_not_require(one, table):
            table.problem("requires", reason)
    if Criterion.COMPETENCES in given and not set(given) - set(ALWAYS_KNOWN):
        table.problem("requires", Reason("Competences show in assessments: name at least one assessment beside them."))
    if not given:
        table.problem("requires", Reason("A certificate asks for at least one thing."))
    if set(given) == {Criterion.SURVEY.value}:
        table.problem("requires", Reason("A survey alone certifies nobody: name attendance or an assessment beside it."))
    return given


def _why_not_require(one: str, table: Table) -> Reason | None:
    """Say why a certificate cannot ask for *one*: nobody could ever meet it, or everybody would by mistake."""
    if one in {Criterion.ATTENDANCE, Criterion.COMPETENCES}:
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


def _core_competences(table: Table, requires: tuple[str, ...]) -> tuple[str, ...]:
    """Read the competences each of which has to be reached; none: all that the assessments look at."""
    if not table.has("core_competences"):
        return ()
    if Criterion.COMPETENCES not in requires:
        table.problem("core_competences", _NO_COMPETENCES)
    if table.knows("competence"):
        return tuple(table.choices("core_competences", table.known("competence")))
    return tuple(table.texts("core_competences", most=40))


def _competence_percent(table: Table, requires: tuple[str, ...]) -> int | None:
    """Read from which result on a competence is reached; None when competences are not asked for."""
    if Criterion.COMPETENCES in requires:
        return table.whole("competence_percent", least=1, most=100)
    if table.has("competence_percent"):
        table.problem("competence_percent", _NO_COMPETENCES)
    return None


def _top(table: Table, accreditation: Mapping[str, str]) -> str:
    """Read what is given to whoever has met everything; a certification only by a body that may certify persons."""
    top = table.choice("top", [kind.value for kind in TOPS], default=Kind.COMPETENCE.value)
    if top == Kind.CERTIFICATION and not accreditation:
        table.problem("top", _NO_ACCREDITATION)
    elif top == Kind.CERTIFICATION and not table.has("certification_title"):
        table.problem("top", Reason("A certification of persons needs its title: “{key}”.", key="certification_title"))
    return top


def _title(table: Table, key: str, kind: Kind, accreditation: Mapping[str, str]) -> dict[str, str]:
    """Read a printed title, the safe one of the country when the file does not say; one that the law keeps back is a mistake."""
    given = table.words(key, most=MOST_OF_A_TITLE, default=titles.safe(kind, table.languages))
    if table.has(key) and (reason := titles.why_not_print(given, is_accredited=bool(accreditation))):
        table.problem(key, reason)
    return given


def _certification_title(table: Table, accreditation: Mapping[str, str]) -> dict[str, str]:
    if table.has("certification_title") and not accreditation:
        table.problem("certification_title", _NO_ACCREDITATION)
    return table.words("certification_title", most=MOST_OF_A_TITLE, default={})


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
