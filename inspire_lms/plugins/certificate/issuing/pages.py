"""The coordinator's addresses: the group, the decision, the batch."""

from typing import Any

from flask import Response, redirect, request, url_for
from flask.sansio.blueprints import BlueprintSetupState

from inspire_lms.kernel import clock
from inspire_lms.kernel.errors import Message, NotThere, Refused
from inspire_lms.kernel.files import PDF
from inspire_lms.kernel.web.forms import page
from inspire_lms.kernel.web.guard import current_person, me, needs
from inspire_lms.kernel.web.site import done
from inspire_lms.plugins.certificate import queries
from inspire_lms.plugins.certificate.appealing import queries as appeals
from inspire_lms.plugins.certificate.earning import evidence
from inspire_lms.plugins.certificate.issuing import deciding, issue, minutes, overview, package, records, tables
from inspire_lms.plugins.certificate.issuing.forms import DecisionForm
from inspire_lms.plugins.certificate.models import Batch
from inspire_lms.plugins.certificate.queries import CohortPlace
from inspire_lms.plugins.certificate.rules import KIND_NAMES, Kind
from inspire_lms.plugins.certificate.views import pages
from inspire_lms.plugins.certificate.writing.compiled import Form
from inspire_lms.plugins.certificate.writing.filled import whole


@pages.record
def start(state: BlueprintSetupState) -> None:
    """Refuse to start with a layout that is wrong."""
    records.read_layouts(state.app.extensions["inspire_top"])


@pages.get("/cohort/<int:cohort_id>")
@needs("certificate:decide", of=queries.cohort_place)
def cohort(place: CohortPlace) -> Any:  # noqa: ANN401 (what a view returns)
    """Show who is ready, who is not and why, and what was issued."""
    seen = overview.of(place.cohort)
    paged = tables.page_of_trainees(seen, request.args.get("page", ""))
    return page(
        "certificate/cohort.html",
        seen=seen,
        paged=paged,
        trainees=tables.trainees_table(seen, paged.rows),  # type: ignore[arg-type]  # trainees in place of rows
        batches=queries.batches(place.cohort_id),
        register=tables.register_table(cohort_id=place.cohort_id, today=seen.today),
    )


@pages.route("/cohort/<int:cohort_id>/decide", methods=["GET", "POST"])
@needs("certificate:decide", of=queries.cohort_place)
def decide(place: CohortPlace) -> Any:  # noqa: ANN401
    """Take the decision about a batch."""
    seen = overview.of(place.cohort)
    open_to = overview.candidates(seen, by=me())
    person = current_person()
    form = DecisionForm(
        initial={
            "competence": open_to.proposed,
            "refused": list(open_to.refused),
            "minutes": minutes.proposed(seen, person.name if person else "", by=me()),
        },
        options={"competence": open_to.whole, "attendance": open_to.attendance, "refused": open_to.refused},
    )
    form["competence"].label = KIND_NAMES[seen.top]
    if form.accepted():
        batches: list[Batch] = []
        chosen = {"refused": [int(one) for one in form.values["refused"]], "minutes": form.values["minutes"]}
        awards = _awards(form, seen.top)
        if form.perform(lambda: batches.append(deciding.decide(place.cohort_id, awards, by=me(), **chosen))):
            return redirect(url_for("certificate.batch", batch_id=batches[0].id), 303)
    return page("certificate/decide.html", form=form, seen=seen, open_to=open_to)


def _awards(form: DecisionForm, top: Kind) -> dict[int, Kind]:
    return {int(one): Kind.ATTENDANCE for one in form.values["attendance"]} | {int(one): top for one in form.values["competence"]}


@pages.get("/cohort/<int:cohort_id>/preview/<int:person_id>/<any(competence, attendance, certification):kind>.pdf")
@needs("certificate:decide", of=queries.cohort_place)
def preview(place: CohortPlace, person_id: int, kind: str) -> Response:
    """Draw what a trainee's document would look like, with "not valid" across it; nothing is stored or sealed."""
    ground = deciding.ground_of(place.cohort)
    trainee = evidence.of_cohort(place.cohort, ground.scheme).of(person_id)
    if trainee is None or kind not in {ground.scheme.top, Kind.ATTENDANCE}:
        raise NotThere
    today = deciding.today_in(place.cohort.zone)
    record = records.record_of(ground, trainee, Kind(kind), records.NOT_ISSUED, issued_on=today)
    if reason := records.why_not_drawable(record):
        raise Refused(reason)
    answer = Response(whole(records.layout_of(kind), record, credential="", at=clock.now(), form=Form.PREVIEW), content_type=PDF)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@pages.get("/cohort/<int:cohort_id>/register.csv")
@needs("certificate:decide", of=queries.cohort_place)
def register(place: CohortPlace) -> Response:
    """Give the register of a group as a file."""
    today = deciding.today_in(place.cohort.zone)
    return tables.register_file(cohort_id=place.cohort_id, today=today).csv(f"certificates-{place.cohort.country}")


@pages.get("/batch/<int:batch_id>")
@needs("certificate:decide", of=queries.batch)
def batch(held: Batch) -> Any:  # noqa: ANN401
    """Show how far a batch is, its documents and its minutes."""
    return page(
        "certificate/batch.html", held=held, progress=queries.progress(held.id),
        register=tables.register_table(batch_id=held.id, today=queries.today_for(held.cohort_id)),
        refused=appeals.refused_by(held.id), appeal_looks=tables.APPEAL_LOOKS, decider=records.person_of(held.decided_by_id).name,
    )  # fmt: skip


@pages.post("/batch/<int:batch_id>/continue")
@needs("certificate:decide", of=queries.batch)
def go_on(held: Batch) -> Any:  # noqa: ANN401
    """Have the rest of a batch made, when it seems to stand still; what is made already is left alone."""
    issue.go_on(held.id)
    return done(Message("The rest is being made."), to=url_for("certificate.batch", batch_id=held.id))


@pages.get("/batch/<int:batch_id>.zip")
@needs("certificate:decide", of=queries.batch)
def batch_files(held: Batch) -> Response:
    """Give all files of a batch with an index."""
    return package.of_batch(held)
