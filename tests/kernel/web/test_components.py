"""The macros of which pages are made."""

import re

import pytest
from flask import session

from inspire_lms.kernel import i18n
from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.kernel.i18n import Words
from inspire_lms.kernel.web.developers.samples import samples
from inspire_lms.kernel.web.forms import Choice, DayField, Form, Text, Upload


@pytest.fixture
def draw(app):
    """Draw a piece of a template in a language."""

    def drawn(piece: str, language: str = "en", **shown) -> str:
        with app.test_request_context("/"), i18n.speaking(language):
            session.clear()
            return app.jinja_env.from_string('{% import "components.html" as ui %}' + piece).render(language=language, **shown)

    return drawn


@pytest.mark.parametrize(
    ("label", "drawn"),
    [
        ("Years", "Years:"),
        ("Are you employed?", "Are you employed?"),
        ("Εργάζεστε;", "Εργάζεστε;"),
        ("I declare that it is true.", "I declare that it is true."),
        ("Day:", "Day:"),
    ],
)
def test_a_label_before_its_sentence_takes_a_colon_unless_it_ends_with_a_mark(draw, label, drawn):
    assert draw("{{ ui.labelled(label) }}", label=label).strip() == drawn


def test_words_in_another_language_than_the_reader_s_say_which(draw):
    text = Words(el="Κείμενο")
    assert draw("{{ ui.words(text) }}", "ro", text=text).strip() == '<span lang="el">Κείμενο</span>'
    assert draw("{{ ui.words(text) }}", "el", text=text).strip() == "Κείμενο"


def test_the_label_of_a_field_says_its_language_too(draw):
    form = Form.built({"name": Text(Words(en="Name"))})
    assert '<label for="f-name"><span lang="en">Name</span></label>' in draw("{{ ui.field(form['name']) }}", "ro", form=form)


def test_a_wrong_field_is_tied_to_its_hint_and_its_error(draw):
    form = Form.built({"name": Text(Message("Name"), hint=Message("In full."))})
    form.refuse("name", Reason("This is still missing."))
    drawn = draw("{{ ui.form(form) }}", form=form)
    assert 'aria-describedby="f-name-hint f-name-error" aria-invalid="true"' in drawn
    assert '<a href="#f-name">Name: This is still missing.</a>' in drawn
    assert 'role="alert" tabindex="-1" autofocus' in drawn


def test_the_summary_leads_to_the_first_input_of_a_group(draw):
    form = Form.built({"kind": Choice(Message("Kind"), options={"a": "A", "b": "B"}), "day": DayField(Message("Day of birth"))})
    for name in ("kind", "day"):
        form.refuse(name, Reason("Choose one."))
    drawn = draw("{{ ui.form(form) }}", form=form)
    for target in re.findall(r'href="#([\w-]+)"', drawn):
        assert re.search(rf'<input[^>]* id="{target}"', drawn)


def test_a_refusal_without_a_field_says_that_it_was_not_done(draw):
    form = Form.built({"name": Text(Message("Name"))})
    form.refuse("", Reason("All seats are taken."))
    drawn = draw("{{ ui.form(form) }}", form=form)
    assert "This was not done" in drawn
    assert "<li>All seats are taken.</li>" in drawn


def test_what_was_typed_is_harmless_and_a_required_field_carries_no_star(draw):
    form = Form.built({"name": Text(Message("Name")), "more": Text(Message("More"), optional=True)}, initial={"name": "\"><b>D'Angelo"})
    drawn = draw("{{ ui.form(form) }}", form=form)
    assert "<b>D" not in drawn
    assert "*" not in drawn
    assert drawn.count("(optional)") == 1


def test_a_form_with_a_file_is_sent_in_parts(draw):
    assert 'enctype="multipart/form-data"' in draw("{{ ui.form(form) }}", form=Form.built({"file": Upload(Message("File"))}))


def test_a_deed_that_asks_first_needs_two_presses_and_no_script(draw):
    drawn = draw('{{ ui.post("/revoke", "Revoke", kind="stop", ask="This cannot be undone.") }}')
    assert (
        drawn.index("<summary") < drawn.index("This cannot be undone.") < drawn.index('<form class="one" method="post" action="/revoke">')
    )
    assert "Yes: Revoke" in drawn


def test_a_button_that_cannot_be_used_says_why(draw):
    drawn = draw('{{ ui.unavailable("Send 20 offers", "Two points are open.") }}')
    assert 'type="button"' in drawn
    assert re.search(r'aria-describedby="([^"]+)".*id="\1">Two points are open\.', drawn, re.DOTALL)


def test_the_enter_key_sends_the_form_and_does_not_change_the_language(client):
    page = client.get("/report").get_data(as_text=True)
    first = re.search(r'<button[^>]*form="form"[^>]*>', page)
    assert first is not None
    assert "_language" not in first[0]
    assert re.findall(r'name="_language" value="(\w+)" formnovalidate', page) == ["en", "el", "it", "ro"]


def test_changing_the_language_keeps_what_was_typed(client):
    page = client.post("/report", data={"what": "Η σελίδα κόβεται", "page": "/x", "_language": "el"}).get_data(as_text=True)
    assert '<html lang="el">' in page
    assert "Η σελίδα κόβεται</textarea>" in page
    assert 'role="alert"' not in page


def test_nothing_on_the_page_of_components_is_inline(client):
    page = client.get("/components").get_data(as_text=True)
    assert re.findall(r'style="|<style|\son\w+="|<script(?![^>]* src=)|data:', page) == []
    assert all(str(chart.title) in page for chart in samples()["shown_charts"])
