"""The forms of the bank."""

from collections.abc import Mapping

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.files import TEXT
from inspire_lms.kernel.i18n import Words
from inspire_lms.kernel.web.forms import Choice, Form, LongText, Tick, Upload
from inspire_lms.plugins.assessment.kinds.known import TITLES

LONGEST = 20_000
"""Characters of one question as GIFT."""


def import_form(languages: Mapping[str, str], competences: Mapping[str, Words]) -> Form:
    """Ask for a file, its language, and what to do where it differs from the bank."""
    return Form.built(
        {
            "file": Upload(
                Message("GIFT file"), allow=(TEXT,),
                hint=Message("Moodle's text format, in UTF-8. A title that is in the bank already adds to that question."),
            ),
            "language": Choice(Message("Language of the texts"), options=languages),
            "spare": Choice(
                Message("Competence of questions that name none"), options=competences, as_select=True, optional=True,
                hint=Message("A line $CATEGORY: that ends in the code of a competence goes before this choice."),
            ),
            "replace": Tick(Message("Questions may get other answers or weights than they have in the bank")),
        }
    )  # fmt: skip


def filter_form(competences: Mapping[str, Words], initial: Mapping[str, str]) -> Form:
    """Narrow the list of questions."""
    return Form.built(
        {
            "competence": Choice(Message("Competence"), options=competences, as_select=True, optional=True),
            "kind": Choice(Message("Kind of question"), options=TITLES, as_select=True, optional=True),
        },
        initial=initial,
    )


def question_form(text: str) -> Form:
    """Change one question in one language, written as GIFT."""
    return Form.built(
        {
            "text": LongText(
                Message("The question as GIFT"), most=LONGEST, rows=12,
                hint=Message("Keep the title: another title makes another question."),
            ),
            "replace": Tick(Message("The answers or weights change, for all languages")),
        },
        initial={"text": text},
    )  # fmt: skip
