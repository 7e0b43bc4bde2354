"""Sample data: after the course the certificates are out, one was revoked, one was replaced because of a misspelt name."""

from datetime import datetime, timedelta

from inspire_lms.kernel import clock
from inspire_lms.kernel.i18n import speaking
from inspire_lms.kernel.people import profile as people_actions
from inspire_lms.kernel.people import queries as people
from inspire_lms.kernel.programmes.demo import Demo
from inspire_lms.kernel.programmes.models import Cohort
from inspire_lms.plugins.certificate import queries
from inspire_lms.plugins.certificate.issuing import changing, deciding, issue, minutes, overview
from inspire_lms.plugins.certificate.rules import TOPS, State, given_for

DECIDED_BEFORE, ISSUED_AFTER, CHANGED_BEFORE = timedelta(days=12), timedelta(minutes=2), timedelta(days=3)
"""How long before the stage the decision was taken, how soon its files were made, and when the changes came."""

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


def over(demo: Demo) -> None:
    """Issue the certificates of every country; revoke one in the first country, replace one in each."""
    for number, (country, cohort) in enumerate(demo.cohorts().items()):
        coordinator = demo.staff[country]["coordinator"]
        _decide(cohort, demo.now - DECIDED_BEFORE, coordinator)
        _change(cohort, demo.now - CHANGED_BEFORE, coordinator, revokes=number == 0)


def _decide(cohort: Cohort, at: datetime, coordinator: int) -> None:
    with clock.frozen(at), speaking(cohort.language, cohort.zone):
        seen = overview.of(cohort)
        earned = {one.member.person_id: given_for(one.standing.earned, seen.top) for one in seen.known.trainees}
        awards = {person_id: kind for person_id, kind in earned.items() if kind is not None}
        person = people.person(coordinator)
        if not awards or person is None:
            return
        written = minutes.proposed(seen, person.name, by=coordinator)
        batch_id = deciding.decide(cohort.id, awards, minutes=written, by=coordinator).id
    with clock.frozen(at + ISSUED_AFTER):
        while not queries.progress(batch_id).is_done:
            issue.issue(batch_id)


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
