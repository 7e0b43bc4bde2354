"""The manifest of the survey."""

from inspire_lms.contracts.pages import AgendaEntries, CohortFigures, NextThings, PathParts, PersonParts
from inspire_lms.contracts.survey import SurveysOwed
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.plugin import Capability, EditionPart, Every, Held, Plugin
from inspire_lms.plugins.survey import actions, demo, edition, queries
from inspire_lms.plugins.survey.views import pages

plugin = Plugin(
    name="survey",
    title=Message("Surveys"),
    about=Message("Asks trainees after the course. Who took part is known; who answered what is not."),
    blueprint=pages,
    capabilities=(
        Capability("survey:answer", Message("Answer surveys"), ("trainee",)),
        Capability("survey:see-results", Message("See the results of closed surveys"), ("coordinator", "trainer")),
    ),
    answers={
        SurveysOwed: queries.surveys_owed,
        NextThings: queries.next_things,
        PathParts: queries.path_parts,
        PersonParts: queries.person_parts,
        AgendaEntries: queries.agenda,
        CohortFigures: queries.figures,
    },
    schedule=(Every(60, "survey.remind", actions.remind),),
    privacy=(
        Held(
            "survey_participation.person_id",
            Message("Whether a trainee took part in the survey, since taking part may count for the certificate"),
            Message("Performance of the training agreement, GDPR article 6(1)(b)"),
            Message("5 years after the final payment of the project; the answers themselves belong to nobody from the start"),
        ),
    ),
    edition=EditionPart("survey", edition.read, actions.load),
    demo={"closing": demo.closing},
)
