"""All files of a batch in one archive, with an index for the files of the awarding body."""

import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO

from flask import Response, stream_with_context

from inspire_lms.kernel import files
from inspire_lms.plugins.certificate import queries
from inspire_lms.plugins.certificate.issuing import overview
from inspire_lms.plugins.certificate.models import Batch

CHUNK = 64 * 1024
IN_MEMORY = 8 * 1024 * 1024
"""An archive larger than this lies in a temporary file while it is sent."""


def of_batch(batch: Batch) -> Response:
    """Answer with the archive: the stored files by their numbers, and index.csv with their digests."""
    index = overview.register_file(batch_id=batch.id).csv("index").get_data()
    stream: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed when it has been sent)
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for row in queries.register(batch_id=batch.id):
            if row.file_id is not None:
                archive.writestr(_entry(f"{row.number}.pdf"), files.content_of(row.digest))
        archive.writestr(_entry("index.csv"), index)
    length = stream.tell()
    stream.seek(0)
    answer = Response(stream_with_context(_chunks(stream)), content_type=files.ZIP)
    answer.content_length = length
    answer.headers.set("Content-Disposition", "attachment", filename=f"certificates-batch-{batch.id}.zip")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _entry(name: str) -> zipfile.ZipInfo:
    """Name an entry without a time of its own, so that the same batch gives the same archive."""
    return zipfile.ZipInfo(name)


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    with stream:
        while chunk := stream.read(CHUNK):
            yield chunk
