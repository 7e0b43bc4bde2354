"""What a visitor types or drops to have a certificate checked."""

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.files import PDF
from inspire_lms.kernel.web.forms import Form, Text, Upload
from inspire_lms.plugins.certificate.checking.shape import MOST_BYTES


class CheckForm(Form):
    """A number or code, the family name that goes with a short code, or the file."""

    code = Text(
        Message("Short code or number"),
        hint=Message(
            "The short code stands beside the QR code, for example 7KQF-M2XD; the number at the top, for example INSPIREPA-IT-2027-000123."
        ),
        most=200,
        optional=True,
    )
    family_name = Text(
        Message("Family name"),
        hint=Message("As printed. It is needed with a short code; with a number alone we tell the status and nothing about the person."),
        most=100,
        optional=True,
    )
    file = Upload(
        Message("The PDF file"),
        hint=Message("Choose it or drop it on this page. The file itself is sent only when you press the button, and it is not kept."),
        allow=(PDF,),
        most_bytes=MOST_BYTES,
        optional=True,
    )
