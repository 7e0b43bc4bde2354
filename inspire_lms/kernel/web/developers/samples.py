"""What the page of components shows: each part with sample values, in English, for developers."""

from decimal import Decimal
from typing import Any

from inspire_lms.kernel import charts
from inspire_lms.kernel.errors import Reason
from inspire_lms.kernel.i18n import Words
from inspire_lms.kernel.web.forms import (
    Choice,
    Choices,
    DayField,
    DecimalField,
    Email,
    Form,
    Kept,
    LongText,
    MomentField,
    Password,
    Text,
    Tick,
    Upload,
    Whole,
)
from inspire_lms.kernel.web.tables import Cell, Column, Table, cut

FIVE = {"1": "Certainly not", "2": "Rather not", "3": "Neither yes nor no", "4": "Rather yes", "5": "Certainly"}


def samples() -> dict[str, Any]:
    """Give the sample values of the template components_page.html."""
    return {
        "sample_form": _form(),
        "stacked": _stacked(),
        "ranked": _ranked(),
        "grid": _grid(),
        "nothing": Table((Column("name", _en("Name")),), []),
        "shown_charts": _charts(),
        "spoken": Words({"el": "Κείμενο που υπάρχει μόνο στα ελληνικά"}),
        "unwrapped": "Πληροφοριακο­συστηματικός, Responsabilizzazione, Interinstituțional, D’Angelo, Țiriac, Παπαϊωάννου",
    }


def _en(text: str) -> Any:  # noqa: ANN401 (a text stands for a message: this page is not translated)
    return text


def _form() -> Form:
    form = Form.built(
        {
            "mail": Email(_en("Work e-mail"), hint=_en("The receipt goes to this address."), autocomplete="email"),
            "years": Whole(_en("Years of service"), least=0, most=50, hint=_en("Whole years, for example 12.")),
            "weight": DecimalField(_en("Weight"), least=0, most=100, optional=True),
            "secret": Password(_en("Password"), hint=_en("At least 12 characters."), autocomplete="new-password"),
            "country": Choice(_en("Country"), options={"IT": "Italy", "EL": "Greece", "RO": "Romania"}, as_select=True),
            "advise": Choice(_en("Would you recommend the course?"), options=FIVE),
            "known": Choices(_en("What applies to you"), options={"a": "Consultations", "b": "European projects"}, optional=True),
            "since": DayField(_en("In service since"), hint=_en("For example: 15 9 2012")),
            "starts": MomentField(
                _en("Start of the webinar"), zone="Europe/Bucharest", hint=_en("Romanian time, EET. For example: 26 11 2026 10:00")
            ),
            "challenge": LongText(_en("Your challenge"), most=300, rows=4, hint=_en("In your own words.")),
            "permit": Upload(_en("Employer’s authorisation"), hint=_en("Signed PDF, at most 5 MB. Drop it into the frame or choose it.")),
            "had": Upload(_en("Timetable"), kept=Kept("Έγκριση_Δήμου_Καλαμαριάς.pdf", 214_000, remove="/components"), optional=True),
            "number": Text(_en("Protocol number"), readonly=True),
            "agree": Tick(_en("I can attend all eight dates"), must=Reason("Please say that you can attend.")),
        },
        initial={
            "advise": "4",
            "known": ["a"],
            "number": "INSPIREPA-EL-2027-000093",
            "challenge": "Two villages cannot reach the day centre.",
            "agree": True,
        },
    )
    form["years"].value = "twelve"
    form["since"].value = ("31", "2", "2015")
    for name, wrong in {
        "years": "Write a number, for example 12.",
        "since": "The date 31/2/2015 does not exist.",
        "permit": "“authorisation.pdf” is a picture (JPEG), not a PDF. Scan it again as PDF.",
    }.items():
        form.refuse(name, _en(wrong))
    return form


def _stacked() -> Table:
    columns = (
        Column("what", _en("Indicator"), sort="#tables", sorted="ascending"),
        Column("value", _en("Value"), kind="num"),
        Column("target", _en("Target"), kind="inl"),
        Column("state", _en("State"), kind="plain"),
    )
    rows = [
        {
            "what": Cell("Applications per seat", href="#tables"),
            "value": Decimal("2.9"),
            "target": "at least 1.5",
            "state": Cell("Reached", status="ok"),
        },
        {
            "what": Cell("Registers closed in 5 days", note="of six webinars"),
            "value": "5 of 6",
            "target": "at least 95%",
            "state": Cell("Missed", status="bad"),
        },
    ]
    return Table(columns, rows, caption=_en("Indicators"), filter=_en("Find an indicator"))


def _ranked() -> Table:
    figures = (Column(name, _en(title), kind="num") for name, title in (("a", "A"), ("b", "B"), ("total", "Total")))
    columns = (
        Column("rank", _en("No"), kind="num"),
        Column("name", _en("Applicant")),
        *figures,
        Column("state", _en("State"), kind="plain"),
    )
    first = {
        "rank": 1,
        "name": Cell("Popescu-Ștefan, Ioana", href="#tables", note="Alba Iulia"),
        "a": 94,
        "b": 93,
        "total": Decimal("93.5"),
    }
    last = {"rank": 21, "name": Cell("Παπαϊωάννου, Γεώργιος", href="#tables", note="Καλαμαριά"), "a": 74, "b": 76, "total": Decimal(75)}
    rows = [
        first | {"state": Cell("Place to offer", status="ok")},
        cut("Cut-off after place 20"),
        last | {"state": Cell("Reserve list, place 1", status="wait")},
    ]
    return Table(columns, rows, look="rank", heading="name", caption=_en("Ranking"))


def _grid() -> Table:
    shades = ((98, "g3"), (100, "g3"), (60, "g2"), (38, "g1"), (0, "g0"), (91, "g3"), ("–", "off"), ("–", "off"))
    cells = {str(at): Cell(value, shade=shade) for at, (value, shade) in enumerate(shades, start=1)}
    columns = (Column("name", _en("Person")), *(Column(str(at), str(at)) for at in range(1, 9)))
    rows = [{"name": name, **cells} for name in ("D’Angelo, Chiara", "Παπακωνσταντίνου, Αικατερίνη", "Dragomirescu, Ilinca")]
    return Table(
        columns,
        rows,
        look="grid",
        caption=_en("Attendance, per cent of the minutes"),
        total={"name": "Mean", **{str(at): 88 for at in range(1, 9)}},
    )


def _charts() -> tuple[charts.Chart, ...]:
    funnel = [
        charts.Bar(label, value, 30, str(value), target=20) for label, value in (("Enrolled", 20), ("Attending", 19), ("Certified", 0))
    ]
    gain = [
        charts.Bar("Systems thinking", 78, 100, "78 %", before=41, before_text="41 %"),
        charts.Bar("Co-creation", 84, 100, "84 %", before=63, before_text="63 %"),
    ]
    states = ["hollow"] * 20 + ["open"] + ["hollow"] * 5 + ["full"] * 14
    people = [charts.Dot(f"Applicant {at}: {42 + at * 1.3:.2f}", 42 + at * 1.3, state) for at, state in enumerate(states)]
    return (
        charts.bars(funnel, title="People per stage", sentence="Nineteen of twenty attend.", note="The upright line is the target: 20."),
        charts.bars(
            gain,
            title="Gain per competence",
            sentence="Both competences have grown.",
            heads=("Competence", "Final test", "Pre-test"),
            note="Hollow: before the course.",
        ),
        charts.threshold(
            (528, "present: 528 min"),
            (888, "888 can be reached"),
            (768, "threshold: 768"),
            (960, "960 min"),
            title="Attendance so far",
            sentence="528 of 960 minutes; the threshold is 768, and 360 can still be had.",
        ),
        charts.dots(
            people,
            least=40,
            most=95,
            band=5,
            title="Spread of scores",
            sentence="One dot per applicant, in bands of five points.",
            cut=(75, "cut-off 75.00"),
        ),
        charts.scale([0, 1, 3, 8, 8], list(FIVE.values()), title="Would you recommend the course?", sentence="Sixteen of twenty would."),
    )
