"""The plain way to a sealed certificate, as one would first write it with the same packages: ReportLab draws, pyHanko seals.

The same pages with the same words: not tagged, not for archives, no credential inside, the seal in a second revision.
"""

from io import BytesIO

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.pdfgen.canvas import Canvas

from inspire_lms.kernel.pdf.content import BASELINE
from inspire_lms.kernel.pdf.setting import MM, width_of
from inspire_lms.plugins.certificate.drawing.page import Draughtsman
from inspire_lms.plugins.certificate.drawing.record import Record
from inspire_lms.plugins.certificate.drawing.tags import Picture, Piece
from inspire_lms.plugins.certificate.layout import Layout
from inspire_lms.plugins.certificate.sealing.seal import KeySeal


def signer_of(seal: KeySeal) -> signers.SimpleSigner:
    """Make the library's own signer of a key."""
    key = seal.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    store = SimpleCertificateStore()
    store.register_multiple(asn1.Certificate.load(one.public_bytes(Encoding.DER)) for one in seal.chain)
    own = asn1.Certificate.load(seal.certificate.public_bytes(Encoding.DER))
    return signers.SimpleSigner(signing_cert=own, signing_key=asn1_keys.PrivateKeyInfo.load(key), cert_registry=store)


def certificate(layout: Layout, record: Record, signer: signers.SimpleSigner) -> bytes:
    """Draw and seal one certificate."""
    writer = IncrementalPdfFileWriter(BytesIO(_drawn(layout, record)))
    about = signers.PdfSignatureMetadata(field_name="Seal", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, certify=True)
    return bytes(signers.sign_pdf(writer, about, signer).getvalue())


def _drawn(layout: Layout, record: Record) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(layout.width * MM, layout.height * MM), pageCompression=1)
    draughtsman = Draughtsman(layout, record)
    for number, page in enumerate(draughtsman.pages, 1):
        values = draughtsman.page_values(number)
        for box in page.boxes:
            if box.kind == "qr":
                _code(canvas, record.address, box.x * MM, (layout.height - box.y - box.height) * MM, box.width * MM)
                continue
            node = draughtsman.element(box, draughtsman.language_of(page), values)
            for _, leaf in node.leaves() if node is not None else ():
                if isinstance(leaf, Piece):
                    _write(canvas, leaf)
                elif isinstance(leaf, Picture):
                    canvas._code.append(leaf.operators.decode())  # type: ignore[attr-defined]  # noqa: SLF001 (ornaments that ReportLab drew before)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _write(canvas: Canvas, piece: Piece) -> None:
    canvas.setFillColor(piece.colour)
    canvas.setFont(piece.font, piece.setting.size)
    size, leading = piece.setting.size, piece.setting.leading
    baseline = piece.top - size * BASELINE - (leading - size) / 2
    for line in piece.setting.lines:
        canvas.drawString(piece.x + piece.right - width_of(line, piece.font, size) if piece.right else piece.x, baseline, line)
        baseline -= leading


def _code(canvas: Canvas, address: str, x: float, y: float, side: float) -> None:
    widget = QrCodeWidget(address, barLevel="M", barBorder=0)
    left, foot, right, top = widget.getBounds()
    drawing = Drawing(side, side, transform=[side / (right - left), 0, 0, side / (top - foot), 0, 0])
    drawing.add(widget)
    renderPDF.draw(drawing, canvas, x, y)
