"""What no form asks for, in four languages: titles, hints, options, sections, and what superiors confirm; and what only sounds alike."""

import pytest

from inspire_lms.plugins.online_call.form.uncollected import why_not_ask, why_not_confirm, why_not_head
from tests.plugins.online_call.test_form import with_question
from tests.plugins.online_call.test_opening import FILE, read_file

COLLECTED = [
    ("cnp", "Number"), ("number", "National identification number"), ("number", "Codice fiscale"), ("number", "Codul numeric personal (CNP)"),
    ("number", "Αριθμός φορολογικού μητρώου (ΑΦΜ)"), ("number", "Α.Φ.Μ."), ("number", "ΑΜΚΑ"), ("amka", "Number"), ("number", "Tax number"),
    ("id-card", "Copy"), ("copy", "A copy of your identity card"), ("copy", "Carta d’identità"), ("copy", "Αντίγραφο δελτίου ταυτότητας"), ("number", "ΑΔΤ"),
    ("copy", "Cartea de identitate"), ("passport", "Number"), ("photo", "Picture"), ("picture", "Una fotografia"), ("picture", "Φωτογραφία"), ("picture", "O fotografie"),
    ("resume", "Curriculum vitae"), ("resume", "Βιογραφικό σημείωμα"), ("cv", "About you"),
    ("state", "Do you have a disability?"), ("state", "Your state of health"), ("state", "Ha una disabilità?"), ("state", "Έχετε αναπηρία;"),
    ("state", "Aveți o dizabilitate?"), ("state", "Starea de sănătate"), ("state", "Il Suo stato di salute"), ("state", "Η κατάσταση της υγείας σας"),
    ("born", "Date of birth"), ("born", "Data di nascita"), ("born", "Ημερομηνία γέννησης"), ("born", "Data nașterii"), ("date-of-birth", "Day"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "title"), COLLECTED)
def test_what_is_not_collected_is_refused_in_every_language(code, title):
    _part, mistakes = read_file(with_question(code, "text", title))
    assert any("this is not collected" in said for said in mistakes), mistakes


@pytest.mark.parametrize(
    ("kind", "title"),
    [
        ("text", "Do you work in a health service?"),
        ("text", "Lavora con persone con disabilità?"),
        ("text", "Εργάζεστε με άτομα με αναπηρία;"),
        ("text", "Lucrați cu persoane cu dizabilități?"),
        ("text", "Your personal motivation"),
        ("text", "Which service has born the costs?"),
        ("consent", "Photographs of the last session may be published."),
        ("yes-no", "Do you teach photography?"),
        ("text", "How many people does your office identify with?"),
    ],
)
def test_what_only_sounds_alike_may_be_asked(kind, title):
    assert why_not_ask("question", kind, {"en": title}) is None


@pytest.mark.parametrize(
    "title",
    [
        "Age", "Your age", "Age group", "Age in completed years", "How old are you?", "Età", "La Sua età", "Fascia d’età", "Quanti anni ha?", "Data e luogo di nascita",
        "Quando è nato/a?", "Ηλικία", "Η ηλικία σας", "Ηλικιακή ομάδα", "Πόσων ετών είστε;", "Πότε γεννηθήκατε;", "Vârsta", "Vârsta dumneavoastră", "Câți ani aveți?",
        "Categoria de vârstă", "Beneficia della legge 104?", "Permessi ex L. 104/92", "Legge 5 febbraio 1992, n. 104", "Iscrizione ai sensi della L. 68/99",
        "Υπάγεστε στον ν. 2643/1998;", "Πιστοποίηση ΚΕΠΑ", "Drepturi potrivit Legii nr. 448/2006", "Do you come under Law 104/1992?",
    ],
)  # fmt: skip
def test_an_age_and_the_laws_on_disability_are_known_by_name(title):
    assert why_not_ask("question", "text", {"en": title}) is not None


@pytest.mark.parametrize(
    "title",
    [
        "Years of service", "Average age of the users of your service", "How old is your project?", "At what stage is it?", "Anni di servizio",
        "Quanti anni ha lavorato nell’ente?", "Età media degli utenti del servizio", "Quanti anni ha di servizio?", "Έτη υπηρεσίας", "Μέση ηλικία των ωφελουμένων",
        "Πόσα έτη υπηρετείτε;", "Anii de vechime", "Vârsta medie a beneficiarilor", "Câți ani aveți de experiență?", "Κατά τον ν. 1599/1986", "Ai sensi del DPR 445/2000",
        "Delibera n. 104 del 2024", "Do you work in a medical service?", "Quale servizio per la disabilità?", "Gestiți servicii medicale?",
    ],
)  # fmt: skip
def test_what_is_asked_about_the_service_or_about_years_of_work_may_be_asked(title):
    assert why_not_ask("question", "text", {"en": title}) is None


@pytest.mark.parametrize(
    ("kind", "title", "hint", "options", "is_refused"),
    [
        ("long-text", "About you", "Write your date of birth too.", (), True),
        ("long-text", "Presentazione", "Breve. Indichi anche il codice fiscale.", (), True),
        ("long-text", "Για εσάς", "Αναφέρετε την κατάσταση της υγείας σας.", (), True),
        ("long-text", "Despre dumneavoastră", "Indicați mai jos data nașterii.", (), True),
        ("text", "Number", "Passport no. and country", (), True),
        ("long-text", "What you need", "Please give no details about your health.", (), False),
        ("long-text", "Esigenze", "Non indichi dettagli sulla Sua salute.", (), False),
        ("long-text", "Ανάγκες", "Παρακαλούμε μην αναφέρετε στοιχεία για την υγεία σας.", (), False),
        ("long-text", "Nevoi", "Nu oferiți detalii despre sănătatea dumneavoastră.", (), False),
        ("long-text", "Esigenze", "Non sia lungo. Descriva il Suo stato di salute.", (), True),
        ("file", "Authorisation", "A scan or a photo of the signed letter.", (), False),
        ("file", "Picture", "Attach your photo.", (), True),
        ("choice", "Which of these holds for you?", "", ("None", "I have a disability"), True),
        ("choices", "Titoli di precedenza", "", ("Figli a carico", "Persona con disabilità"), True),
        ("choice", "Ειδική κατηγορία", "", ("Όχι", "Υπαγωγή στον ν. 4488/2017"), True),
        ("choice", "Situația dumneavoastră", "", ("Salariat", "Grad de handicap"), True),
        ("choice", "In which services do you work?", "", ("Health", "Disability"), False),
        ("choice", "Settore di attività", "", ("Disabilità", "Anziani"), False),
        ("choice", "Τομέας εργασίας", "", ("Αναπηρία", "Παιδεία"), False),
        ("choice", "Domeniul de activitate", "", ("Dizabilități", "Educație"), False),
        ("choice", "For whom do you plan?", "", ("People with disabilities", "Citizens over 65"), False),
        ("consent", "May we write?", "Your date of birth is not needed; your age is.", (), False),
    ],
)
def test_hints_and_options_ask_too_and_warnings_do_not(kind, title, hint, options, is_refused):
    assert (why_not_ask("question", kind, {"en": title}, hint={"en": hint}, options=[{"en": each} for each in options]) is not None) is is_refused


@pytest.mark.parametrize(
    ("says", "text", "is_refused"),
    [
        (why_not_head, "Health and disability", True), (why_not_head, "Documento d’identità", True), (why_not_head, "Στοιχεία ταυτότητας", True),
        (why_not_head, "Data nașterii", True), (why_not_head, "Your work", False), (why_not_head, "Lavoro con persone con disabilità", False),
        (why_not_confirm, "I confirm that the person benefits from law 104/1992.", True), (why_not_confirm, "Autorizzo la partecipazione in orario di servizio.", False),
        (why_not_confirm, "Confirm starea de sănătate a angajatului.", True), (why_not_confirm, "Εγκρίνω τη συμμετοχή του υπαλλήλου.", False),
    ],
)  # fmt: skip
def test_titles_of_sections_and_what_superiors_confirm_are_looked_at(says, text, is_refused):
    assert (says("code", {"en": text}) is not None) is is_refused


def test_hints_options_sections_and_sentences_are_refused_where_they_stand_in_the_file():
    option = '[[call.section.question.option]]\ncode = "{}"\ntitle = {{ en = "{}" }}\n'
    link = '[call.section.question.link]\nsentence = { en = "She has a disability" }\n'
    hinted = with_question(more='hint = { en = "Add your date of birth" }')
    chosen = with_question(kind="choice", more=option.format("a", "None") + option.format("b", "I have a disability"))
    headed = FILE.replace('title = { en = "Work" }', 'title = { en = "Health data" }', 1)
    for text, said in ((hinted, "“more” asks for"), (chosen, "“more” asks for"), (headed, "section “work” is about"), (with_question(kind="file", more=link), "for “more” tells")):
        mistakes = read_file(text)[1]
        assert len(mistakes) == 1, mistakes
        assert said in mistakes[0]


@pytest.mark.parametrize(
    ("kind", "more", "mistake"),
    [
        ("file", "", "Evaluators open no files, so “more” cannot be judged: ask for what counts in a text."),
        ("long-text", "private = true", "Only the coordinator reads “more”: leave out “private” or “criterion”."),
        ("long-text", "", None),
    ],
)
def test_what_evaluators_do_not_see_is_not_judged(kind, more, mistake):
    text = with_question(kind=kind, more=f'criterion = "motivation"\n{more}')
    _part, mistakes = read_file(text)
    line = text.splitlines().index('criterion = "motivation"') + 1
    assert mistakes == ([f"line {line}: {mistake}"] if mistake else [])
