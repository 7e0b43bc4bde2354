"""What is tried: a layout from a file, and with whom."""

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.files import TOML
from inspire_lms.kernel.web.forms import Choice, Form, Upload
from inspire_lms.plugins.certificate.trying.samples import CASE_NAMES


class LayoutForm(Form):
    """A layout file, drawn once and not kept."""

    file = Upload(
        Message("Layout file"),
        hint=Message("A TOML file like those in certificates/layouts. It is drawn once, and not kept."),
        allow=(TOML,),
        most_bytes=200_000,
    )
    case = Choice(Message("With"), options={str(case): name for case, name in CASE_NAMES.items()})
