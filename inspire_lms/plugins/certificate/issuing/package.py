"""All files of a batch in one archive, with an index for the files of the awarding body."""

import zipfile
from io import BytesIO

from flask import Response

from inspire_lms.kernel import files
from inspire_lms.plugins.certificate import queries
from inspire_lms.plugins.certificate.issuing import tables
from inspire_lms.plugins.certificate.models import Batch


def of_batch(batch: Batch) -> Response:
    """Answer with the archive: the stored files by their numbers, and index.csv with their digests.

    It is put together in memory: about 90 kB for each person of a group. What is in it is stored and not packed, since a PDF
    is packed already.
    """
    index = tables.register_file(batch_id=batch.id, today=queries.today_for(batch.cohort_id))
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for row in queries.register(batch_id=batch.id):
            if row.file_id is not None:
                # An entry without a time of its own: the same batch gives the same archive.
                archive.writestr(zipfile.ZipInfo(f"{row.number}.pdf"), files.content_of(row.digest))
        archive.writestr(zipfile.ZipInfo("index.csv"), index.csv("index").get_data())
    return files.download(out.getvalue(), f"certificates-batch-{batch.id}.zip", files.ZIP)
