"""Sample data: after the course the certificates are out; names were confirmed, one was revoked, two decisions were appealed against."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from inspire_lms.kernel import clock
from inspire_lms.kernel.i18n import speaking
from inspire_lms.kernel.people import profile as people_actions
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.programmes.demo import Demo
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.certificate import queries
from inspire_lms.plugins.certificate.appealing import actions as appealing
from inspire_lms.plugins.certificate.appealing import queries as appeals
from inspire_lms.plugins.certificate.issuing import changing, deciding, issue, minutes, overview
from inspire_lms.plugins.certificate.naming import actions as naming
from inspire_lms.plugins.certificate.naming import queries as names
from inspire_lms.plugins.certificate.naming.rules import Answer
from inspire_lms.plugins.certificate.rules import TOPS, Kind, State, given_for

NAMED_BEFORE = timedelta(days=14)
"""How long before the stage the trainees said whether their names are right."""
DECIDED_BEFORE, ISSUED_AFTER, CHANGED_BEFORE = timedelta(days=12), timedelta(minutes=2), timedelta(days=3)
"""How long before the stage the decision was taken, how soon its files were made, and when the changes came."""
APPEALED_AFTER, ANSWERED_BEFORE = timedelta(days=5), timedelta(days=1)
"""How long after the decision somebody appealed, and how long before the stage one of the appeals was answered."""
UNANSWERED, APPEALS = 1, 0
"""In which country one trainee has not confirmed the name, and in which there are appeals, counted from 0."""

REVOKED: dict[str, str] = {
    "en": "Because of two people with the same name, another person’s attendance had been entered for the holder.",
    "it": "Per un’omonimia, al titolare era stata attribuita la presenza di un’altra persona.",
    "el": "Λόγω συνωνυμίας, η παρουσία άλλου προσώπου είχε καταχωριστεί στον κάτοχο.",
    "ro": "Din cauza unei coincidențe de nume, titularului i-a fost înregistrată prezența altei persoane.",
}
REPLACED: dict[str, str] = {
    "en": "The name was misspelt.",
    "it": "Il nome conteneva un errore di scrittura.",
    "el": "Το όνομα είχε γραφεί λανθασμένα.",
    "ro": "Numele era scris greșit.",
}
GROUNDS: dict[str, tuple[str, str]] = {
    "en": ("I was there on the second day; my connection came from another device.", "The survey was closed while I was ill."),
    "it": (
        "Il secondo giorno ero presente; mi ero collegato da un altro dispositivo.",
        "L’indagine è stata chiusa mentre ero in malattia.",
    ),
}
ANSWERS: dict[str, str] = {
    "en": "We have looked at the register and at the dates of the survey. It was open for three weeks, as announced.",
    "it": "Abbiamo esaminato il registro e le date dell’indagine. È rimasta aperta tre settimane, come annunciato.",
}


def over(demo: Demo) -> None:
    """Issue the certificates of every country; revoke one in the first country, replace one in each; let two people appeal there."""
    for number, (country, cohort) in enumerate(demo.cohorts().items()):
        coordinator = demo.staff[country]["coordinator"]
        _confirm(cohort, demo.now - NAMED_BEFORE, leaves_one=number == UNANSWERED)
        _decide(cohort, demo.now - DECIDED_BEFORE, coordinator)
        if number == APPEALS:
            _appeal(cohort, demo.now, demo.administrator)
        _change(cohort, demo.now - CHANGED_BEFORE, coordinator, revokes=number == 0)


def _confirm(cohort: Cohort, at: datetime, *, leaves_one: bool) -> None:
    """Let the trainees confirm their names; with *leaves_one* all but the last of those who have met everything."""
    with clock.frozen(at):
        asked = [one for one in names.of_cohort(cohort.id).values() if one.answer is Answer.WAITING]
        silent = (
            [one.person_id for one in asked if one.earned is Kind.COMPETENCE and not _is_shown(one.person_id)][-1:] if leaves_one else []
        )
        for one in asked:
            if one.person_id not in silent:
                naming.confirm(cohort.id, one.person_id, one.printed)


def _is_shown(person_id: int) -> bool:
    """Say whether the account is one of those with which the demonstration is looked at."""
    person = people.person(person_id)
    return person is not None and person.email.startswith("trainee.")


def _decide(cohort: Cohort, at: datetime, coordinator: int) -> None:
    """Decide about everybody but those who have not confirmed the name."""
    with clock.frozen(at), speaking(cohort.language, cohort.zone):
        seen = overview.of(cohort)
        confirmed = [one for one in seen.known.trainees if seen.answer_of(one) is Answer.CONFIRMED]
        earned = {one.member.person_id: given_for(one.standing.earned, seen.top) for one in confirmed}
        awards = {person_id: kind for person_id, kind in earned.items() if kind is not None}
        refused = [int(one) for one in overview.candidates(seen, by=coordinator).refused]
        person = people.person(coordinator)
        if not awards or person is None:
            return
        written = minutes.proposed(seen, person.name, by=coordinator)
        batch_id = deciding.decide(cohort.id, awards, refused=refused, minutes=written, by=coordinator).id
    with clock.frozen(at + ISSUED_AFTER):
        while not queries.progress(batch_id).is_done:
            issue.issue(batch_id)


def _appeal(cohort: Cohort, now: datetime, administrator: int) -> None:
    """Let two people appeal who were not given the whole: one waits, one was answered by somebody who did not decide."""
    denied: Sequence[tuple[int, int]] = [(person_id, one.refusal_id) for person_id, one in appeals.refused_in(cohort.id).items()]
    grounds = GROUNDS.get(cohort.language, GROUNDS["en"])
    made = []
    with clock.frozen(now - DECIDED_BEFORE + APPEALED_AFTER):
        for (person_id, refusal_id), words in zip(denied, grounds, strict=False):
            made.append(appealing.appeal_against_refusal(refusal_id, grounds=words, by=person_id).id)
    with clock.frozen(now - ANSWERED_BEFORE):
        for appeal_id in made[1:]:
            appealing.answer(appeal_id, is_upheld=False, words=ANSWERS.get(cohort.language, ANSWERS["en"]), by=administrator)


def _change(cohort: Cohort, at: datetime, coordinator: int, *, revokes: bool) -> None:
    """Correct one name, and revoke one certificate: the last two of the register, so that the first stay as they are."""
    valid = [row for row in queries.register(cohort_id=cohort.id) if row.state == State.VALID and row.kind in TOPS]
    with clock.frozen(at):
        if len(valid) > 1:
            _respell(valid[-1].person_id)
            new = changing.replace(valid[-1].id, reason=REPLACED.get(cohort.language, REPLACED["en"]), by=coordinator)
            issue.issue(new.batch_id)
        if revokes and valid[1:]:
            changing.revoke(valid[-2].id, reason=REVOKED.get(cohort.language, REVOKED["en"]), by=coordinator)


def _respell(person_id: int) -> None:
    """Let a holder correct the own name: the second given name had been forgotten."""
    person = people.person(person_id)
    if person is None:
        return
    given = f"{person.given_name} {_second_name(person.language)}"
    people_actions.change_profile(
        person_id, given_name=given, family_name=person.family_name, latin_given_name="", latin_family_name=person.latin_family_name,
        language=person.language, zone=person.zone,
    )  # fmt: skip


def _second_name(language: str) -> str:
    return {"it": "Maria", "el": "Μαρία", "ro": "Maria"}.get(language, "Maria")
