"""The public addresses of a notice: each version as it was, as a page and as a document, and its privacy notice."""

import hashlib
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from inspire_lms.kernel import clock, i18n
from inspire_lms.kernel.errors import NotThere
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import public
from inspire_lms.plugins.online_call.announcing import queries, shown
from inspire_lms.plugins.online_call.announcing.documents import paper, privacy
from inspire_lms.plugins.online_call.announcing.models import NoticeVersion
from inspire_lms.plugins.online_call.announcing.queries import Step
from inspire_lms.plugins.online_call.views import pages


@pages.get("/notices/<int:cohort_id>/<int:number>")
@public
def notice_version(cohort_id: int, number: int) -> Any:  # noqa: ANN401 (what a view returns)
    """Show a version of a notice as it was, and what changed with it."""
    step = _step(cohort_id, number)
    return page("online_call/call.html", **shown.as_it_was(step, clock.now()))


@pages.get("/notices/<int:cohort_id>/<int:number>/privacy")
@public
def notice_privacy(cohort_id: int, number: int) -> Any:  # noqa: ANN401
    """Show the privacy notice of a version."""
    version = _step(cohort_id, number).version
    return page("online_call/privacy.html", version=version, sections=privacy.sections(version.snapshot))


@pages.get("/notices/<int:cohort_id>/<int:number>/<language>.pdf")
@public
def notice_paper(cohort_id: int, number: int, language: str) -> Any:  # noqa: ANN401
    """Give a version of a notice as an accessible document in one language."""
    step = _step(cohort_id, number)
    if language not in i18n.languages():
        raise NotThere
    content = paper.pdf(step, language)
    tag = hashlib.sha256(content).hexdigest()
    headers = {"ETag": f'"{tag}"', "Content-Disposition": f'inline; filename="{shown.name_of(step.version, language)}"'}
    if tag in request.if_none_match:
        return Response(status=304, headers=headers)
    return Response(content, mimetype="application/pdf", headers=headers)


def _step(cohort_id: int, number: int) -> Step:
    found = queries.version(cohort_id, number)
    if found is None:
        raise NotThere
    _enter(found)
    return next(step for step in queries.steps(queries.versions(found.call_id)) if step.version.id == found.id)


def _enter(version: NoticeVersion) -> None:
    cohort = version.call.cohort
    g.zone, g.where = cohort.zone, cohort.country_name.text()
