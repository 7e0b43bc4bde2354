"""The pages on which a coordinator looks at the layouts, and tries one that is being designed."""

from typing import Any

from flask import Response
from werkzeug.datastructures import FileStorage

from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import Invalid, NotThere, Reason, Refused
from inspire_lms.kernel.files import PDF
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import needs
from inspire_lms.plugins.certificate import layout as layouts
from inspire_lms.plugins.certificate import queries
from inspire_lms.plugins.certificate.drawing.page import why_not_draw
from inspire_lms.plugins.certificate.issuing import deciding, records
from inspire_lms.plugins.certificate.issuing.records import Ground
from inspire_lms.plugins.certificate.layout import Layout
from inspire_lms.plugins.certificate.queries import CohortPlace
from inspire_lms.plugins.certificate.rules import KIND_NAMES, Kind
from inspire_lms.plugins.certificate.trying.forms import LayoutForm
from inspire_lms.plugins.certificate.trying.samples import CASE_NAMES, Case, record_for
from inspire_lms.plugins.certificate.views import pages
from inspire_lms.plugins.certificate.writing.compiled import Form as Written
from inspire_lms.plugins.certificate.writing.filled import whole

A_LAYOUT = 200_000
"""Most characters of a layout; ours have a tenth."""


@pages.route("/cohort/<int:cohort_id>/layouts", methods=["GET", "POST"])
@needs("certificate:decide", of=queries.cohort_place)
def try_layouts(place: CohortPlace) -> Any:  # noqa: ANN401 (what a view returns)
    """List the layouts with samples of each; draw one that is being designed, or say what is wrong with it, line by line.

    Raises Refused when the edition issues no certificates.
    """
    ground, form = deciding.ground_of(place.cohort), LayoutForm()
    drawn: list[Response] = []
    if form.accepted() and form.perform(lambda: drawn.append(_tried(ground, form))):
        return drawn[0]
    kinds = [(kind, KIND_NAMES[kind], records.LAYOUTS[kind], records.layout_of(kind).version) for kind in Kind]
    return page("certificate/layouts.html", form=form, cohort=place.cohort, kinds=kinds, cases=CASE_NAMES)


@pages.get("/cohort/<int:cohort_id>/layouts/<kind>-<case>.pdf")
@needs("certificate:decide", of=queries.cohort_place)
def layout_sample(place: CohortPlace, kind: str, case: str) -> Response:
    """Draw a layout with an invented person, and "not valid" across it."""
    if kind not in set(Kind) or case not in set(Case):
        raise NotThere
    return _drawn(deciding.ground_of(place.cohort), records.layout_of(kind), Case(case))


def _tried(ground: Ground, form: LayoutForm) -> Response:
    file = form.values["file"]
    if not isinstance(file, FileStorage):
        raise NotThere
    try:
        text = file.stream.read(A_LAYOUT).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid({"file": Reason("The file is not text in UTF-8.")}) from None
    return _drawn(ground, layouts.read(text), Case(form.values["case"]))


def _drawn(ground: Ground, layout: Layout, case: Case) -> Response:
    record = record_for(ground, layout.kind, case)
    if reason := records.why_not_printable(record) or why_not_draw(layout, record):
        raise Refused(reason)
    answer = Response(whole(layout, record, credential="", at=clock.now(), form=Written.PREVIEW), content_type=PDF)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
