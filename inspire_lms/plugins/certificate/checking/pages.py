"""The addresses of the public check. None needs an account; each has a pace."""

from typing import Any

from flask import g, jsonify, redirect, render_template, url_for
from werkzeug.datastructures import FileStorage

from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.i18n import _, current, when, zone, zone_name
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import cohort_zones, public
from inspire_lms.plugins.certificate import codes, queries
from inspire_lms.plugins.certificate.checking import finding, pace
from inspire_lms.plugins.certificate.checking.finding import HEADINGS, KINDS, SENTENCES, Finding, Status
from inspire_lms.plugins.certificate.checking.forms import CheckForm
from inspire_lms.plugins.certificate.drawing import words
from inspire_lms.plugins.certificate.drawing.labels import SEALS
from inspire_lms.plugins.certificate.verdict import MOST_BYTES
from inspire_lms.plugins.certificate.views import pages

SHOWN = (
    "latin_name", "title", "role_title", "programme", "number", "issued", "place", "period", "hours", "attendance", "mode", "results",
    "competences",
    "assessment", "identity", "grading", "prerequisites", "quality", "eqf", "body", "accreditation", "partners", "country", "signatory",
    "signatory_function", "scheme", "language",
)  # fmt: skip
"""Every printed field, in the order of the page."""
TOO_MANY = 429
UNKNOWN = 404
NOT_INDEXED = {"X-Robots-Tag": "noindex, nofollow, noarchive"}
"""A link that its holder has put on a page leads people to name and results, and not search engines."""


@pages.route("/check", methods=["GET", "POST"])
@public
def check() -> Any:  # noqa: ANN401 (what a view returns)
    """Let anybody check a certificate by what they have: number, short code with name, or file."""
    form = CheckForm()
    if not form.accepted():
        return page("certificate/check.html", form=form)
    if pace.is_too_fast("try", pace.MOST_TRIES):
        return _slow_down()
    found = _found(form)
    if found is None:
        form.status = 422
        return page("certificate/check.html", form=form)
    if found.shows_record and found.certificate and found.about_file is None:
        return redirect(url_for("certificate.by_code", code=found.certificate.code), 303)
    return _answer(found)


@pages.get("/check/<code>")
@public
def by_code(code: str) -> Any:  # noqa: ANN401
    """Answer to the link in the QR code."""
    if pace.is_too_fast("look", pace.MOST_LOOKS):
        return _slow_down()
    return _answer(finding.of(queries.by_code(code), shows_record=True))


@pages.get("/check/<code>.json")
@public
def by_code_json(code: str) -> Any:  # noqa: ANN401
    """Say the same for programs."""
    if pace.is_too_fast("look", pace.MOST_LOOKS):
        return jsonify({"status": "slow-down"}), TOO_MANY
    found = finding.of(queries.by_code(code), shows_record=True)
    return jsonify(finding.as_json(found)), _status_of(found), NOT_INDEXED


@pages.get("/number/<number>")
@public
def by_number(number: str) -> Any:  # noqa: ANN401
    """Answer to a number alone: the status, and nothing about the person."""
    if pace.is_too_fast("look", pace.MOST_LOOKS):
        return _slow_down()
    return _answer(finding.by_number(number))


@pages.get("/number/<number>.json")
@public
def by_number_json(number: str) -> Any:  # noqa: ANN401
    """Say the same for programs."""
    if pace.is_too_fast("look", pace.MOST_LOOKS):
        return jsonify({"status": "slow-down"}), TOO_MANY
    found = finding.by_number(number)
    return jsonify(finding.as_json(found)), _status_of(found), NOT_INDEXED


def _found(form: CheckForm) -> Finding | None:
    """Check by the file when there is one, else by what was typed; None when the form needs correction."""
    file, typed, family_name = form.values["file"], form.values["code"], form.values["family_name"]
    if isinstance(file, FileStorage):
        return finding.by_file(file.stream.read(MOST_BYTES + 1))
    if not typed:
        form.refuse("code", Reason("Type the short code or the number, or choose the file."))
        return None
    if secret := codes.read_secret_code(typed):
        return finding.of(queries.by_code(secret), shows_record=True)
    if codes.read_short_code(typed):
        if family_name:
            return finding.by_short_code(typed, family_name)
        form.refuse("family_name", Reason("With the short code we also need the family name, as it is printed."))
        return None
    if len("".join(typed.split()).replace("-", "")) == codes.SHORT_LENGTH:
        form.refuse("code", Reason("One character of this code is wrong. Please compare it with the document."))
        return None
    return finding.by_number(typed)


def _answer(found: Finding) -> Any:  # noqa: ANN401
    record = found.record
    if found.certificate is not None:
        g.zone = cohort_zones().get(found.certificate.cohort_id)
    body = render_template(
        "certificate/checked.html",
        result=found,
        kind=KINDS[found.status],
        heading=HEADINGS[found.status],
        sentence=SENTENCES[found.status],
        facts=words.facts(record, current(), SHOWN) if record else (),
        units=words.units(record, current()) if record else (),
        record=record,
        seal=SEALS[record.seal] if record else None,
        form=CheckForm(action=url_for("certificate.check")),
        checked_at=_to_the_second(),
    )
    return body, _status_of(found), NOT_INDEXED


def _to_the_second() -> str:
    """Say when the check was made, with the zone."""
    now = clock.now()
    return _("{moment} ({zone})", moment=when(now, style="seconds"), zone=zone_name(zone(), now))


def _status_of(found: Finding) -> int:
    """Say 404 only for what was never issued: a revoked certificate is an answer, not an error."""
    return UNKNOWN if found.status is Status.UNKNOWN else 200


def _slow_down() -> Any:  # noqa: ANN401
    return render_template("certificate/slow.html"), TOO_MANY
