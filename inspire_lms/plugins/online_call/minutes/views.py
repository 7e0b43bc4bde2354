"""The address of the minutes: for the committee only, and each copy that is taken is recorded."""

from typing import Any

from flask import Response

from inspire_lms.kernel import audit, files
from inspire_lms.kernel.db import transaction
from inspire_lms.kernel.errors import NotThere, Refused
from inspire_lms.kernel.i18n import speaking
from inspire_lms.kernel.pdf.document import Document, texts, why_not_print, written
from inspire_lms.kernel.web.guard import me, needs
from inspire_lms.plugins.online_call.minutes import content
from inspire_lms.plugins.online_call.publishing import queries
from inspire_lms.plugins.online_call.publishing.models import Publication
from inspire_lms.plugins.online_call.views import pages


@pages.get("/publications/<int:publication_id>/minutes-<language>.pdf")
@needs("online_call:select", of=queries.publication)
def minutes(publication: Publication, language: str) -> Any:  # noqa: ANN401 (what a view returns)
    """Give the minutes of a publication, in the language of the country or in English."""
    if language not in {publication.call.cohort.language, "en"}:
        raise NotThere
    answer = _file(publication, language)
    with transaction():
        after = {"number": publication.number, "language": language}
        audit.record("online_call.minutes-taken", ("publication", publication.id), by=me(), after=after, cohort_id=publication.cohort_id)
    return answer


def _file(publication: Publication, language: str) -> Response:
    country, said = publication.call.cohort.country, content.said_then(publication)
    with speaking(language, publication.call.cohort.zone):
        document = Document(
            title=content.title(publication),
            author="INSPIRE PA",
            subject=f"{said.call.title.text()}, {said.call.cohort.country_name.text()}",
            language=language,
            at=publication.published_at,
            blocks=content.blocks(publication, said),
        )
    if reason := why_not_print(texts(document)):
        raise Refused(reason)
    return files.download(written(document), f"minutes-{country.lower()}-{publication.number}-{language}.pdf", "application/pdf")
