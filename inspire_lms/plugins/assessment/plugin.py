"""The manifest of the assessment plugin."""

from inspire_lms.contracts.assessment import BestResults, Chances, Graders, RequiredAssessments
from inspire_lms.contracts.pages import AgendaEntries, CohortFigures, CohortTasks, MenuEntries, NextThings, PathParts
from inspire_lms.contracts.people import PeopleMerged, PersonErased
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.plugin import Capability, EditionPart, Every, Held, Plugin
from inspire_lms.plugins.assessment import answers, demo, edition, listeners
from inspire_lms.plugins.assessment.attempt import actions, chances
from inspire_lms.plugins.assessment.attempt import views as attempt_views
from inspire_lms.plugins.assessment.bank import views as bank_views
from inspire_lms.plugins.assessment.blueprint import pages
from inspire_lms.plugins.assessment.marking import views as marking_views

ROOMS = (attempt_views, bank_views, marking_views)
"""The modules whose addresses hang at the blueprint once they are loaded."""

COURSE = Message("Participation in the course that the person applied for; public task of the administration.")
AS_LONG = Message("As long as the question is in the bank.")
FIVE_YEARS = Message("Five years after the end of the edition, as evidence of the certificate.")

plugin = Plugin(
    name="assessment",
    title=Message("Tests and essays"),
    about=Message("Question bank in several languages, pre-test, final test and essay, marks and learning gain."),
    blueprint=pages,
    capabilities=(
        Capability("assessment:see", Message("See the page of tests"), ("trainee", "trainer", "coordinator")),
        Capability("assessment:take", Message("Take tests"), ("trainee",)),
        Capability("assessment:use-bank", Message("Use the question bank"), ("trainer",)),
        Capability("assessment:mark", Message("Mark essays without seeing names"), ("trainer",)),
        Capability("assessment:see-results", Message("See the results of a cohort"), ("trainer", "coordinator")),
        Capability("assessment:extend", Message("Give a person more time"), ("coordinator",)),
        Capability("assessment:correct", Message("See a person's answers and correct marks"), ("coordinator",)),
    ),
    answers={
        BestResults: answers.best_results,
        Graders: answers.graders,
        Chances: chances.chances,
        RequiredAssessments: answers.required_assessments,
        MenuEntries: answers.menu_entries,
        NextThings: answers.next_things,
        PathParts: answers.path_parts,
        AgendaEntries: answers.agenda_entries,
        CohortFigures: answers.cohort_figures,
        CohortTasks: answers.cohort_tasks,
    },
    listens={PersonErased: listeners.forget, PeopleMerged: listeners.merge},
    work={"assessment.confirm": listeners.confirm, "assessment.submit": actions.submit_finished},
    schedule=(Every(1, "assessment.close_finished", actions.close_finished),),
    edition=EditionPart("assessment", edition.read, edition.load),
    demo={"teaching": demo.teaching, "closing": demo.closing, "over": demo.over},
    privacy=(
        Held(
            "assessment_attempt.person_id",
            Message("Results, for the certificate and for help in learning."),
            COURSE,
            FIVE_YEARS,
            parts=("assessment_response.attempt_id", "assessment_mark.response_id"),
        ),
        Held("assessment_extension.person_id", Message("More time for one person, so that all have a fair chance."), COURSE, FIVE_YEARS),
        Held("assessment_extension.granted_by", Message("Who granted more time."), COURSE, FIVE_YEARS),
        Held("assessment_mark.marked_by", Message("Who marked, so that another person decides on the certificate."), COURSE, FIVE_YEARS),
        Held("assessment_version.made_by", Message("Who wrote or changed a question."), COURSE, AS_LONG),
    ),
)
