"""What pages show of requests: to the applicant and the coordinator where each stands, to the superior what is asked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from inspire_lms.contracts.attendance import WebinarDate, WebinarDates
from inspire_lms.kernel import bus
from inspire_lms.kernel.curriculum import queries as curriculum
from inspire_lms.kernel.curriculum.queries import Workload
from inspire_lms.kernel.db import Words
from inspire_lms.kernel.errors import Message, Reason
from inspire_lms.kernel.people import queries as people
from inspire_lms.plugins.online_call.authorising import queries, rules
from inspire_lms.plugins.online_call.authorising.models import Authorisation
from inspire_lms.plugins.online_call.authorising.rules import RequestState
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.questions import all_questions, form_of
from inspire_lms.plugins.online_call.rules import State

STATES = {
    RequestState.ASKED: ("now", Message("Asked, not answered yet")),
    RequestState.GIVEN: ("ok", Message("Authorisation given")),
    RequestState.REFUSED: ("bad", Message("Authorisation refused")),
    RequestState.EXPIRED: ("warn", Message("Expired without an answer")),
}
"""Shape and status of a request."""
NOT_ASKED = ("wait", Message("Not asked"))
BY_FILE = ("ok", Message("Attached as a file"))


@dataclass(frozen=True)
class Shown:
    """Where the authorisation that one question asks for stands."""

    question: str
    title: Words
    kind: str
    """The shape of the status: ok now wait warn bad."""
    status: Message
    asked: Authorisation | None
    has_died: bool
    why_not: Reason | None
    """Why the applicant cannot ask, or ask anew."""
    times: int
    """How often the call allows to ask."""


def of(application: Application, attached: Collection[str], at: datetime) -> tuple[Shown, ...]:
    """Say where each authorisation of an application stands; nothing when its form asks for none by a link."""
    terms = queries.terms_of(application)
    requests = queries.of(application.id) if terms else {}
    titles = {each.code: Words(each.label) for each in all_questions(form_of(application.call.form))}
    found = []
    for code, allowed in terms.items():
        asked, is_attached = requests.get(code), code in attached
        state = asked.asked.at(at) if asked else None
        kind, status = STATES[state] if state else BY_FILE if is_attached else NOT_ASKED
        why_not = rules.why_not_ask(
            State(application.state), application.call.window, allowed, asked.asked if asked else None, is_attached=is_attached, at=at
        )
        found.append(Shown(code, titles[code], kind, status, asked, state is RequestState.EXPIRED, why_not, allowed.times))
    return tuple(found)


@dataclass(frozen=True)
class Course:
    """What a superior is told of the course for which somebody applies."""

    title: Words
    starts_on: date
    ends_on: date
    work: Workload
    """Minutes live and of study."""
    webinars: tuple[WebinarDate, ...]
    """With their hours; empty until they are published."""


@dataclass(frozen=True)
class Put:
    """A request as its superior reads it."""

    who: str
    administration: str
    """As the applicant wrote it; empty when it is not written yet."""
    course: Course
    why_not: Reason | None


def put(asked: Authorisation, at: datetime) -> Put:
    """Lay out what a superior is asked: no more of the application than who asks and from which administration."""
    application = asked.application
    cohort = application.call.cohort
    person = people.person(application.person_id)
    edition = cohort.edition
    course = Course(
        edition.title,
        edition.starts_on,
        edition.ends_on,
        curriculum.workload(edition.framework_id),
        bus.ask(WebinarDates(cohort.id), ()),
    )
    return Put(
        who=person.name if person else "",
        administration=str(application.answers.get("administration") or ""),
        course=course,
        why_not=rules.why_not_answer(asked.asked, State(application.state), application.call.window, at=at),
    )
