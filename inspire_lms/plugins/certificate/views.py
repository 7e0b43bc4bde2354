"""The addresses of holders, and the public certificate of the seal. Those of staff are in issuing/, the public check in checking/."""

from flask import Blueprint, Response
from flask.sansio.blueprints import BlueprintSetupState

from inspire_lms.kernel import clock, files
from inspire_lms.kernel.web.guard import needs, public
from inspire_lms.plugins.certificate import queries
from inspire_lms.plugins.certificate.models import Certificate
from inspire_lms.plugins.certificate.prolonging.queries import latest_file
from inspire_lms.plugins.certificate.sealing import chosen, starting
from inspire_lms.plugins.certificate.sealing.seal import in_pem

pages = Blueprint("certificate", __name__, url_prefix="/certificate", template_folder="templates")


@pages.record
def start(state: BlueprintSetupState) -> None:
    """Refuse to start with a seal that may not be used."""
    starting.refuse(chosen.Chosen.by(state.app.config["INSPIRE"]), at=clock.now())


@pages.get("/mine/<int:certificate_id>.pdf")
@needs("certificate:download-own", own=queries.own_certificate)
def mine(held: Certificate) -> Response:
    """Give a holder the stored file: it is never drawn again."""
    return stored_file(held)


@pages.get("/issuer.pem")
@public
def issuer() -> Response:
    """Give the public certificates of the seal, so that anybody can check it with tools of their own."""
    seal = chosen.seal()
    return Response(in_pem([seal.certificate, *seal.chain]), content_type="application/x-pem-file")


def stored_file(certificate: Certificate) -> Response:
    """Answer with the file of a certificate, in the form that can be checked for longest."""
    form = latest_file(certificate)
    kept, content = files.fetch(form.file_id if form else 0)
    return files.download(content, kept.name, kept.kind)
