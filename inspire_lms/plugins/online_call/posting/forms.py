"""The forms of letters: other words for one, and a paragraph for all of a kind."""

from collections.abc import Mapping, Sequence

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.i18n import locale
from inspire_lms.kernel.web.forms import Form, LongText, Text
from inspire_lms.plugins.online_call.posting.models import Letter


class LetterForm(Form):
    """What of a letter can be changed."""

    subject = Text(Message("Subject"), most=200)
    greeting = Text(Message("Greeting"), most=200)
    text = LongText(
        Message("Text"),
        hint=Message("An empty line begins a new paragraph. What stands below the text, the button and the links stay as they are."),
        most=6000,
        rows=12,
    )


def letter_form(letter: Letter) -> LetterForm:
    """Show a letter that waits as it is."""
    parts = letter.mail.parts or {"greeting": "", "lines": []}
    said = {"subject": letter.mail.subject, "greeting": parts["greeting"], "text": "\n\n".join(parts["lines"])}
    return LetterForm(initial=said)


def paragraph_form(languages: Sequence[str], words: Mapping[str, str]) -> Form:
    """Ask for a paragraph in each of *languages*."""
    names = locale().languages
    fields = {
        each: LongText(Message("{words}", words=names.get(each, each)), most=1500, rows=4, optional=True) for each in languages
    }
    return Form.built(fields, initial=dict(words))
