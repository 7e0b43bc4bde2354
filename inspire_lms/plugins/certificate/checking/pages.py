"""The addresses of the public check. None needs an account; each has a pace, and each answer is counted."""

from typing import Any

from flask import Response, g, jsonify, make_response, redirect, render_template, request, session, url_for
from werkzeug.datastructures import FileStorage

from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.i18n import _, current, on_day, show, when, zone, zone_name
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import cohort_zones, public
from inspire_lms.plugins.certificate import codes, queries
from inspire_lms.plugins.certificate.checking import counting, finding, pace
from inspire_lms.plugins.certificate.checking.counting import Way
from inspire_lms.plugins.certificate.checking.finding import Finding
from inspire_lms.plugins.certificate.checking.forms import CheckForm
from inspire_lms.plugins.certificate.checking.shape import MOST_BYTES
from inspire_lms.plugins.certificate.checking.statuses import IS_DEMONSTRATION, LEVELS, UNKNOWN_FILE, Status
from inspire_lms.plugins.certificate.drawing import words
from inspire_lms.plugins.certificate.drawing.labels import SEALS
from inspire_lms.plugins.certificate.rules import STAYS_BECAUSE, STAYS_FOR
from inspire_lms.plugins.certificate.views import pages

SHOWN = (
    "latin_name", "title", "role_title", "programme", "edition", "number", "issued", "expires", "place", "period", "hours", "attendance",
    "mode", "results", "competences", "assessment", "identity", "grading", "prerequisites", "quality", "eqf", "body", "accreditation",
    "partners", "country", "signatory", "signatory_function", "scheme", "language",
)  # fmt: skip
"""Every field that a layout may print, in the order of the page."""
TOO_MANY = 429
UNKNOWN = 404
KEPT_AWAY = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Cache-Control": "no-store"}
"""A link that its holder has put on a page leads people to name and results, and not search engines; no copy stays on the way."""
_CAME_BY = "checked_by"
"""What was typed before an answer was redirected to, in the visitor's own session: so that it is counted as what it was."""


@pages.route("/check", methods=["GET", "POST"])
@public
def check() -> Any:  # noqa: ANN401 (what a view returns)
    """Let anybody check a certificate by what they have: number, short code with name, or file."""
    form = CheckForm()
    if not form.accepted():
        return page("certificate/check.html", form=form, **_asking())
    if pace.is_too_fast("try", pace.MOST_TRIES):
        return _slow_down()
    found = _found(form)
    if found is None:
        form.status = 422
        return page("certificate/check.html", form=form, **_asking())
    way, answer = found
    if way in {Way.LINK, Way.SHORT_CODE} and answer.certificate:
        session[_CAME_BY] = way.value
        return redirect(url_for("certificate.by_code", code=answer.certificate.code), 303)
    return _answer(answer, way)


@pages.get("/check/<code>")
@public
def by_code(code: str) -> Any:  # noqa: ANN401
    """Answer to the link in the QR code."""
    if pace.is_too_fast("look", pace.MOST_LOOKS):
        return _slow_down()
    return _answer(finding.of(queries.by_code(code), shows_record=True), Way(session.pop(_CAME_BY, Way.LINK)))


@pages.get("/check/<code>.json")
@public
def by_code_json(code: str) -> Any:  # noqa: ANN401
    """Say the same for programs."""
    if pace.is_too_fast("look", pace.MOST_LOOKS):
        return _slow_down_json()
    return _answer_json(finding.of(queries.by_code(code), shows_record=True), Way.LINK)


@pages.get("/check/file/<digest>")
@public
def by_digest(digest: str) -> Any:  # noqa: ANN401
    """Answer to the SHA-256 of a file that stays with its visitor; a script asks first, without a body, whether there is an answer."""
    if pace.is_too_fast("look", pace.MOST_LOOKS):
        return _slow_down()
    if request.method == "HEAD" and finding.is_known(digest.lower()):
        # Who has asked this goes on to the answer: that is one check.
        return Response(headers=KEPT_AWAY)
    return _answer(finding.by_digest(digest), Way.DIGEST)


@pages.get("/check/file/<digest>.json")
@public
def by_digest_json(digest: str) -> Any:  # noqa: ANN401
    """Say the same for programs."""
    if pace.is_too_fast("look", pace.MOST_LOOKS):
        return _slow_down_json()
    return _answer_json(finding.by_digest(digest), Way.DIGEST)


@pages.get("/number/<number>")
@public
def by_number(number: str) -> Any:  # noqa: ANN401
    """Answer to a number alone: the status, and nothing about the person."""
    if pace.is_too_fast("look", pace.MOST_LOOKS):
        return _slow_down()
    return _answer(finding.by_number(number), Way.NUMBER)


@pages.get("/number/<number>.json")
@public
def by_number_json(number: str) -> Any:  # noqa: ANN401
    """Say the same for programs."""
    if pace.is_too_fast("look", pace.MOST_LOOKS):
        return _slow_down_json()
    return _answer_json(finding.by_number(number), Way.NUMBER)


def _found(form: CheckForm) -> tuple[Way, Finding] | None:
    """Check by the file when there is one, else by what was typed; None when the form needs correction."""
    file, typed, family_name = form.values["file"], form.values["code"], form.values["family_name"]
    if isinstance(file, FileStorage):
        return Way.FILE, finding.by_file(file.stream.read(MOST_BYTES + 1))
    if not typed:
        form.refuse("code", Reason("Type the short code or the number, or choose the file."))
        return None
    if secret := codes.read_secret_code(typed):
        return Way.LINK, finding.of(queries.by_code(secret), shows_record=True)
    if codes.read_short_code(typed):
        if family_name:
            return Way.SHORT_CODE, finding.by_short_code(typed, family_name)
        form.refuse("family_name", Reason("With the short code we also need the family name, as it is printed."))
        return None
    if len("".join(typed.split()).replace("-", "")) == codes.SHORT_LENGTH:
        form.refuse("code", Reason("One character of this code is wrong. Please compare it with the document."))
        return None
    return Way.NUMBER, finding.by_number(typed)


def _answer(found: Finding, way: Way) -> Response:
    record = found.record
    if found.certificate is not None:
        g.zone = cohort_zones().get(found.certificate.cohort_id)
    body = render_template(
        "certificate/checked.html",
        result=found,
        demonstration=IS_DEMONSTRATION if found.is_demonstration else None,
        facts=words.facts(record, current(), tuple(field for field in SHOWN if field != "expires")) if record else (),
        register=_in_the_register(found) if record else (),
        units=words.units(record, current()) if record else (),
        record=record,
        seal=SEALS[record.seal] if record else None,
        stays=(STAYS_BECAUSE, STAYS_FOR) if record and found.certificate and found.certificate.file_id is None else None,
        form=CheckForm(action=url_for("certificate.check")),
        checked_at=_to_the_second(),
        **_asking(),
    )
    return counting.count(make_response(body, _status_of(found), KEPT_AWAY), way, found.status)


def _answer_json(found: Finding, way: Way) -> Response:
    return counting.count(make_response(jsonify(finding.as_json(found)), _status_of(found), KEPT_AWAY), way, found.status)


def _in_the_register(found: Finding) -> list[tuple[str, str]]:
    """Give what our register says besides the fields that are printed as they were decided."""
    ends = found.certificate.expires_on if found.certificate else None
    return [
        (_("Valid until"), on_day(ends, style="date") if ends else _("Without an end")),
        (_("Level of the seal"), show(LEVELS[found.level])),
    ]


def _asking() -> dict[str, Any]:
    """Give the page what its script needs to ask about a file without sending it."""
    return {"asks": url_for("certificate.by_digest", digest="0")[:-1], "most_bytes": MOST_BYTES, "unknown": UNKNOWN_FILE}


def _to_the_second() -> str:
    """Say when the check was made, with the zone."""
    now = clock.now()
    return _("{moment} ({zone})", moment=when(now, style="seconds"), zone=zone_name(zone(), now))


def _status_of(found: Finding) -> int:
    """Say 404 only for what was never issued: a revoked certificate is an answer, not an error."""
    return UNKNOWN if found.status is Status.UNKNOWN else 200


def _slow_down() -> Any:  # noqa: ANN401
    return render_template("certificate/slow.html"), TOO_MANY


def _slow_down_json() -> Any:  # noqa: ANN401
    return jsonify({"status": "slow-down"}), TOO_MANY
