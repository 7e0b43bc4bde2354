"""What the kernel knows about webinars."""

from inspire_lms.contracts.admission import PlaceAccepted, PlaceGivenUp
from inspire_lms.contracts.attendance import AttendanceConfirmed, AttendanceShares, Teachers, WebinarDates
from inspire_lms.contracts.pages import AgendaEntries, CohortFigures, CohortTasks, MenuEntries, NextThings, PathParts, PersonParts
from inspire_lms.contracts.people import PeopleMerged, PersonErased
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.plugin import Capability, EditionPart, Every, Held, Plugin, Setting
from inspire_lms.plugins.webinar import demo, edition, listeners, queries
from inspire_lms.plugins.webinar.attendance import forgetting, joining, register_views, shares
from inspire_lms.plugins.webinar.attendance import views as attendance_views
from inspire_lms.plugins.webinar.blueprint import pages
from inspire_lms.plugins.webinar.calendars import views as calendar_views
from inspire_lms.plugins.webinar.plan import telling
from inspire_lms.plugins.webinar.plan import views as plan_views
from inspire_lms.plugins.webinar.shown import cohort, path
from inspire_lms.plugins.webinar.shown import views as shown_views

VIEWS = (attendance_views, calendar_views, plan_views, register_views, shown_views)
"""The modules that fill the blueprint; they are imported for that."""

EVIDENCE = Message("Proof of who took part, as those who fund the course and national rules ask for it.")
TASK = Message("Carrying out the course as a task in the public interest.")
FIVE_YEARS = Message("Five years after the end of the project, as long as the accounts may be checked.")
AUDITED = Message("So that every change of a register can be traced to who made it.")

plugin = Plugin(
    name="webinar",
    title=Message("Webinars"),
    about=Message("The plan of the webinars, invitations and calendars, joining, the attendance register and reports of meeting tools."),
    blueprint=pages,
    capabilities=(
        Capability("webinar:follow", Message("Have a calendar of one's own"), ("person",)),
        Capability("webinar:attend", Message("See and join the webinars of a group"), ("trainee", "trainer", "coordinator")),
        Capability("webinar:take-attendance", Message("Take attendance, correct and close the register"), ("trainer", "coordinator")),
        Capability("webinar:see-attendance", Message("See the attendance of a group"), ("trainer", "coordinator")),
        Capability("webinar:plan", Message("Plan, move, publish and cancel webinars"), ("coordinator",)),
    ),
    answers={
        AttendanceShares: shares.shares,
        Teachers: queries.teachers,
        WebinarDates: cohort.dates,
        MenuEntries: cohort.menu,
        NextThings: path.next_things,
        PathParts: path.path_parts,
        PersonParts: path.person_parts,
        AgendaEntries: path.agenda,
        CohortFigures: cohort.figures,
        CohortTasks: cohort.tasks,
    },
    listens={
        PlaceAccepted: telling.welcome,
        PlaceGivenUp: telling.farewell,
        AttendanceConfirmed: telling.say_out_of_reach,
        PersonErased: listeners.forget,
        PeopleMerged: listeners.merge,
    },
    work={"webinar.tell": telling.tell, "webinar.remind": telling.remind},
    schedule=(Every(5, "webinar.settle", joining.settle), Every(60, "webinar.forget_reports", forgetting.forget_unconfirmed)),
    settings=(
        Setting("join_before_minutes", Message("How long before its start a webinar can be joined"), 15, Message("minutes")),
        Setting("close_within_days", Message("Within how many days a register should be closed"), 5, Message("days")),
    ),
    privacy=(
        Held("webinar_webinar.closed_by", AUDITED, TASK, FIVE_YEARS),
        Held("webinar_leader.person_id", Message("Who leads a webinar."), TASK, FIVE_YEARS),
        Held("webinar_report.read_by", AUDITED, TASK, FIVE_YEARS),
        Held("webinar_report.confirmed_by", AUDITED, TASK, FIVE_YEARS),
        Held(
            "webinar_report.rows",
            Message(
                "The connections as the meeting tool recorded them, with the names that participants of the group chose. Other names are "
                "taken out when the report is confirmed, and a report that nobody confirms is deleted after {days} days.",
                days=forgetting.KEEP_UNCONFIRMED.days,
            ),
            TASK,
            FIVE_YEARS,
            told=forgetting.named,
        ),
        Held("webinar_stay.person_id", EVIDENCE, TASK, FIVE_YEARS),
        Held("webinar_stay.struck_by", AUDITED, TASK, FIVE_YEARS),
        Held("webinar_line.person_id", EVIDENCE, TASK, FIVE_YEARS),
        Held("webinar_amendment.person_id", EVIDENCE, TASK, FIVE_YEARS),
        Held("webinar_amendment.made_by", AUDITED, TASK, FIVE_YEARS),
        Held(
            "webinar_calendar_key.person_id",
            Message("The private address of a person's calendar."),
            Message("The person has asked for it."),
            Message("Until the person revokes it or the account is erased."),
        ),
    ),
    edition=EditionPart("webinars", edition.read, edition.load),
    demo=demo.STAGES,
)
