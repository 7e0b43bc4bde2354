"""What we do when others announce: look again at those concerned. Being told twice does no harm."""

from inspire_lms.contracts.admission import PlaceAccepted
from inspire_lms.contracts.assessment import AttemptGraded, ChanceGiven
from inspire_lms.contracts.attendance import AttendanceConfirmed, WebinarScheduled
from inspire_lms.contracts.people import PeopleMerged, PersonErased
from inspire_lms.contracts.site import PluginSwitched
from inspire_lms.contracts.survey import SurveyAnswered
from inspire_lms.plugins.certificate import actions


def attendance_confirmed(fact: AttendanceConfirmed) -> None:
    """Look again at everybody on the register."""
    actions.look_again(fact.cohort_id, fact.person_ids)


def webinar_scheduled(fact: WebinarScheduled) -> None:
    """Look again at everybody: the minutes that count have changed."""
    actions.look_again(fact.cohort_id)


def place_accepted(fact: PlaceAccepted) -> None:
    """Look at a new trainee for the first time."""
    actions.look_again(fact.cohort_id, [fact.person_id])


def attempt_graded(fact: AttemptGraded) -> None:
    """Look again at who was graded."""
    actions.look_again(fact.cohort_id, [fact.person_id])


def chance_given(fact: ChanceGiven) -> None:
    """Look again at who may try once more."""
    actions.look_again(fact.cohort_id, [fact.person_id])


def survey_answered(fact: SurveyAnswered) -> None:
    """Look again at who answered."""
    actions.look_again(fact.cohort_id, [fact.person_id])


def plugin_switched(fact: PluginSwitched) -> None:
    """Look again at everybody concerned: a criterion whose evidence nobody keeps is not demanded."""
    actions.look_again_everywhere(fact.edition_id)


def person_erased(fact: PersonErased) -> None:
    """Keep only what a check needs."""
    actions.forget(fact.person_id)


def people_merged(fact: PeopleMerged) -> None:
    """Let one account have what both had."""
    actions.merge(fact.from_id, fact.to_id)
