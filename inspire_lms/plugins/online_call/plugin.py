"""The manifest of the call."""

from inspire_lms.contracts.admission import AdmittedPeople, PlaceAccepted, PlaceGivenUp
from inspire_lms.contracts.editions import LoadEffects
from inspire_lms.contracts.mails import MailLookedAt
from inspire_lms.contracts.pages import AgendaEntries, CohortFigures, CohortTasks, MenuEntries, NextThings, PersonParts, PublicParts
from inspire_lms.contracts.people import PeopleMerged, PersonErased
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.plugin import Capability, EditionPart, Every, Held, Plugin
from inspire_lms.plugins.online_call import answers, demo, edition
from inspire_lms.plugins.online_call import views as public_views
from inspire_lms.plugins.online_call.announcing import actions as announcing
from inspire_lms.plugins.online_call.announcing import auditing as notice_audit
from inspire_lms.plugins.online_call.announcing import letters as announcing_letters
from inspire_lms.plugins.online_call.announcing import views as announcing_views
from inspire_lms.plugins.online_call.answering import views as answering_views
from inspire_lms.plugins.online_call.appealing import views as appealing_views
from inspire_lms.plugins.online_call.applying import dates, opening
from inspire_lms.plugins.online_call.applying import views as applying_views
from inspire_lms.plugins.online_call.authorising import due
from inspire_lms.plugins.online_call.authorising import views as authorising_views
from inspire_lms.plugins.online_call.comparing import views as comparing_views
from inspire_lms.plugins.online_call.confirming import views as confirming_views
from inspire_lms.plugins.online_call.correcting import views as correcting_views
from inspire_lms.plugins.online_call.drafting import reminding
from inspire_lms.plugins.online_call.drafting import views as drafting_views
from inspire_lms.plugins.online_call.handing import declared as handed_out
from inspire_lms.plugins.online_call.importing import actions as importing
from inspire_lms.plugins.online_call.importing import letters as importing_letters
from inspire_lms.plugins.online_call.importing import views as importing_views
from inspire_lms.plugins.online_call.importing import writing
from inspire_lms.plugins.online_call.judging import replacing
from inspire_lms.plugins.online_call.judging import views as judging_views
from inspire_lms.plugins.online_call.marking import views as marking_views
from inspire_lms.plugins.online_call.mending import views as mending_views
from inspire_lms.plugins.online_call.minutes import views as minutes_views
from inspire_lms.plugins.online_call.offering import actions as offering
from inspire_lms.plugins.online_call.offering import arriving, auditing, leaving, merging
from inspire_lms.plugins.online_call.offering import views as offering_views
from inspire_lms.plugins.online_call.overriding import views as overriding_views
from inspire_lms.plugins.online_call.pending import views as pending_views
from inspire_lms.plugins.online_call.posting import actions as posting
from inspire_lms.plugins.online_call.posting import announcing as by_rule
from inspire_lms.plugins.online_call.posting import looks
from inspire_lms.plugins.online_call.posting import queries as posting_queries
from inspire_lms.plugins.online_call.posting import views as posting_views
from inspire_lms.plugins.online_call.publishing import auditing as publishing_audit
from inspire_lms.plugins.online_call.ranking import auditing as ranking_audit
from inspire_lms.plugins.online_call.ranking import views as ranking_views
from inspire_lms.plugins.online_call.recusing import views as recusing_views
from inspire_lms.plugins.online_call.reserve import ending
from inspire_lms.plugins.online_call.retention import thinning
from inspire_lms.plugins.online_call.retention import views as retention_views

VIEWS = (
    public_views,
    applying_views,
    drafting_views,
    authorising_views,
    judging_views,
    marking_views,
    mending_views,
    overriding_views,
    offering_views,
    answering_views,
    ranking_views,
    pending_views,
    posting_views,
    importing_views,
    retention_views,
    announcing_views,
    confirming_views,
    appealing_views,
    minutes_views,
    correcting_views,
    comparing_views,
    recusing_views,
)
"""The modules whose addresses belong to the blueprint: importing them puts them there."""

BASIS = Message("Public task of the selecting partners, GDPR article 6(1)(e)")

plugin = Plugin(
    name="online_call",
    title=Message("Call for applications"),
    about=Message("Publishes the call of each country, takes and judges applications, ranks them and fills the places."),
    blueprint=public_views.pages,
    capabilities=(
        Capability("online_call:apply", Message("Apply for a place"), ("person",)),
        Capability("online_call:score", Message("Evaluate applications"), ("evaluator", "coordinator")),
        Capability("online_call:select", Message("Decide on eligibility and publish the ranking"), ("coordinator",)),
    ),
    answers={
        AdmittedPeople: answers.admitted_people,
        LoadEffects: announcing_letters.effects,
        MenuEntries: answers.menu,
        PublicParts: answers.public_parts,
        PersonParts: answers.person_parts,
        NextThings: answers.next_things,
        CohortTasks: answers.tasks,
        CohortFigures: answers.figures,
        AgendaEntries: answers.agenda,
    },
    listens={
        PlaceAccepted: arriving.heard_that_a_place_was_accepted,
        PlaceGivenUp: leaving.heard_that_a_place_was_given_up,
        MailLookedAt: looks.heard_that_a_mail_was_looked_at,
        PersonErased: leaving.forget,
        PeopleMerged: merging.merge,
    },
    schedule=(
        Every(1, "online_call.lapse", offering.lapse_due),
        Every(15, "online_call.remind", offering.remind_due),
        Every(15, "online_call.look-at-reserve-lists", ending.look),
        Every(15, "online_call.look-at-requests", due.look),
        Every(15, "online_call.look-at-drafts", reminding.look),
        Every(5, "online_call.replace", replacing.replace_absent),
        Every(1, "online_call.announce", by_rule.announce_due),
        Every(5, "online_call.drop-untrue", posting.drop_untrue),
        Every(24 * 60, "online_call.thin-out", thinning.thin_out),
        Every(60, "online_call.forget-imports", importing.forget_unconfirmed),
    ),
    work={
        offering.LAPSE: offering.lapse,
        offering.REMIND: offering.remind,
        by_rule.ANNOUNCE: by_rule.announce,
        due.REMIND: due.remind,
        due.EXPIRE: due.expire,
        reminding.REMIND: reminding.remind,
        ending.TELL: ending.tell,
        writing.RECEIPTS: importing_letters.receipts,
        announcing.TELL: announcing_letters.tell,
    },
    privacy=(
        Held(
            "online_call_application.person_id",
            Message("Who applied for a place, with what answers, so that the applications can be judged by the criteria of the call"),
            BASIS,
            Message(
                "Answers and files: as many days after the final list as the notice of the call says, 365 unless it says otherwise. "
                "Of those who got a place answers that the coordinator alone reads: as many days after the course as the notice says, "
                "30 unless it says otherwise. Protocol number, points, the groups of quotas and place, and of those who got a place "
                "also the other answers and files: 5 years after the final payment of the project"
            ),
            parts=(
                "online_call_attachment.application_id",
                "online_call_outcome.application_id",
                "online_call_place.application_id",
                "online_call_look.application_id",
                "online_call_mending.application_id",
                "online_call_earlier.mending_id",
                "online_call_authorisation.application_id",
                "online_call_imported.application_id",
                "online_call_draft_reminder.application_id",
                "online_call_appeal.application_id",
            ),
        ),
        Held(
            "online_call_authorisation.email",
            Message(
                "Name, office address and language of a superior whom an applicant has named, and what that person answered, so that the "
                "employer’s authorisation can be asked for and proved. Evaluators do not see it"
            ),
            BASIS,
            Message("As long as the answers of the application: with them it is deleted, and the mails to the superior are emptied"),
        ),
        Held(
            "online_call_mending.asked_by_id",
            Message("Who asked an applicant to mend something, so that it can be explained"),
            BASIS,
            Message("As long as the answers of the application"),
        ),
        *(
            Held(
                f"online_call_override.{column}",
                Message("Who proposed and who confirmed a decision other than the rules of eligibility, so that it can be explained"),
                BASIS,
                Message("As long as the answers of the application"),
            )
            for column in ("proposed_by_id", "answered_by_id")
        ),
        Held(
            "online_call_appeal.answered_by_id",
            Message("Who answered an appeal, so that it can be shown that the person had no part in what it was against"),
            BASIS,
            Message("As long as the answers of the application"),
        ),
        *(
            Held(
                f"online_call_correction.{column}",
                Message("Who proposed and who confirmed to open an application again, so that it can be explained"),
                BASIS,
                Message("As long as the answers of the application"),
            )
            for column in ("proposed_by_id", "answered_by_id")
        ),
        Held(
            "online_call_publication.minutes",
            Message("Who evaluated, stepped back or was kept out, by the number of the account, so that a list can be answered for"),
            BASIS,
            Message("5 years after the final payment of the project"),
        ),
        *handed_out.HELD,
        Held(
            "online_call_look.by_id",
            Message("Who looked at which application on which day, so that the applicant can see it"),
            BASIS,
            Message("As long as the application"),
        ),
        Held(
            "online_call_import.read_by",
            Message("Who handed in a table of applications that came on paper, so that an entry can be traced to its paper"),
            BASIS,
            Message("5 years after the final payment of the project; a table that is not confirmed: 7 days"),
        ),
        Held(
            "online_call_import.confirmed_by",
            Message("Who stated that the applications in a table were received on paper at the moments given there"),
            BASIS,
            Message("5 years after the final payment of the project"),
        ),
        Held(
            "online_call_letter.edited_by_id",
            Message("Who put other words into a letter before it went, so that it can be explained"),
            BASIS,
            Message("As long as the mail"),
        ),
        Held(
            "online_call_letter.text_before",
            Message("What a letter to an applicant said before somebody put in other words, so that the change can be explained"),
            BASIS,
            Message("As long as the text of the mail"),
            told=posting_queries.first_words,
        ),
        Held(
            "online_call_letterbox.changed_by_id",
            Message("Who let the letters of a call wait or go, so that it can be explained"),
            BASIS,
            Message("5 years after the final payment of the project"),
        ),
        Held(
            "online_call_addition.written_by_id",
            Message("Who wrote a paragraph that is added to letters that wait, until they have gone"),
            BASIS,
            Message("Until the letters are released"),
        ),
        Held(
            "online_call_recusal.person_id",
            Message("Which coordinator has declared which conflict of interest, so that it can be shown who decided and who did not"),
            BASIS,
            Message("5 years after the final payment of the project"),
        ),
        Held(
            "online_call_review.evaluator_id",
            Message("Who evaluated an application, so that a decision can be explained and a conflict of interest found"),
            BASIS,
            Message("5 years after the final payment of the project"),
        ),
    ),
    edition=EditionPart("call", edition.read, opening.load, dates.of_edition),
    demo={"call": demo.call, "selection": demo.selection},
    audits={
        "places and seats": auditing.seats,
        "accepted take part": auditing.accepted_take_part,
        "rankings found again": ranking_audit.reproducible,
        "publications found again": publishing_audit.reproducible,
        "limits of groups": ranking_audit.within_limits,
        "notices as published": notice_audit.unchanged,
    },
)
