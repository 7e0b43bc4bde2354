"""What a trainee corrects: the name in both forms."""

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.people.names import LONGEST_NAME
from inspire_lms.kernel.web.forms import Form, Text


class NameForm(Form):
    """The name of the account, all of it: what is typed is what will be printed."""

    given_name = Text(Message("Given name"), most=LONGEST_NAME, autocomplete="given-name")
    family_name = Text(Message("Family name"), most=LONGEST_NAME, autocomplete="family-name")
    latin_given_name = Text(Message("Given name in Latin letters"), most=LONGEST_NAME, hint=Message("As in your passport."))
    latin_family_name = Text(Message("Family name in Latin letters"), most=LONGEST_NAME)
