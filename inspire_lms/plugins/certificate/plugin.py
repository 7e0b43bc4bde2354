"""The manifest of the certificates."""

from inspire_lms.contracts.admission import PlaceAccepted
from inspire_lms.contracts.assessment import AttemptGraded, ChanceGiven
from inspire_lms.contracts.attendance import AttendanceConfirmed, WebinarScheduled
from inspire_lms.contracts.award import CertificatesOf
from inspire_lms.contracts.pages import CohortFigures, CohortTasks, MenuEntries, NextThings, PathParts
from inspire_lms.contracts.people import PeopleMerged, PersonErased
from inspire_lms.contracts.site import PluginSwitched
from inspire_lms.contracts.survey import SurveyAnswered
from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.plugin import Capability, Check, EditionPart, Every, Held, Plugin
from inspire_lms.plugins.certificate import actions, answers, demo, listeners, queries, views
from inspire_lms.plugins.certificate.appealing import pages as appeal_pages
from inspire_lms.plugins.certificate.checking import auditing, counting
from inspire_lms.plugins.certificate.checking import pages as check_pages
from inspire_lms.plugins.certificate.credential import issuing as credentials
from inspire_lms.plugins.certificate.credential import pages as credential_pages
from inspire_lms.plugins.certificate.issuing import issue, one_page
from inspire_lms.plugins.certificate.issuing import pages as staff_pages
from inspire_lms.plugins.certificate.issuing.records import what_is_wrong_with_layouts
from inspire_lms.plugins.certificate.naming import actions as naming
from inspire_lms.plugins.certificate.naming import pages as name_pages
from inspire_lms.plugins.certificate.prolonging import jobs as prolonging
from inspire_lms.plugins.certificate.rules import STAYS_BECAUSE, STAYS_FOR
from inspire_lms.plugins.certificate.scheme import edition
from inspire_lms.plugins.certificate.sealing import chosen
from inspire_lms.plugins.certificate.trying import pages as try_pages
from inspire_lms.plugins.certificate.validity import actions as validity

ADDRESSES = (check_pages, staff_pages, one_page, try_pages, credential_pages, name_pages, appeal_pages)
"""The modules whose addresses join those of views.py."""

A_DAY = 24 * 60
"""Minutes."""
A_MONTH = 30 * A_DAY

plugin = Plugin(
    name="certificate",
    title=Message("Certificates"),
    about=Message("Who has earned a certificate, the decision, the sealed PDF, and the public check."),
    blueprint=views.pages,
    capabilities=(
        Capability("certificate:decide", Message("Decide about certificates, revoke and replace them"), ("coordinator",)),
        Capability("certificate:appeal", Message("Appeal against a decision about one’s own certificate"), ("person",)),
        Capability("certificate:answer-appeals", Message("Answer appeals about certificates"), ("coordinator",)),
        Capability("certificate:confirm-name", Message("Confirm the name for one’s own certificate"), ("person",)),
        Capability("certificate:download-own", Message("Download one’s own certificate"), ("person",)),
    ),
    answers={
        CertificatesOf: queries.certificates_of,
        MenuEntries: answers.menu,
        NextThings: answers.next_things,
        PathParts: answers.path_parts,
        CohortTasks: answers.tasks,
        CohortFigures: answers.figures,
    },
    listens={
        PlaceAccepted: listeners.place_accepted,
        WebinarScheduled: listeners.webinar_scheduled,
        AttendanceConfirmed: listeners.attendance_confirmed,
        AttemptGraded: listeners.attempt_graded,
        ChanceGiven: listeners.chance_given,
        SurveyAnswered: listeners.survey_answered,
        PluginSwitched: listeners.plugin_switched,
        PersonErased: listeners.person_erased,
        PeopleMerged: listeners.people_merged,
    },
    work={
        "certificate.issue": issue.issue,
        "certificate.look_again": actions.look_again,
        prolonging.STAMP: prolonging.stamp,
        prolonging.ARCHIVE: prolonging.archive,
        "certificate.remind_of_name": naming.remind,
    },
    schedule=(
        Every(A_DAY, "certificate.prepare", issue.prepare),
        Every(A_DAY, "certificate.tell_of_ends", validity.tell_of_ends),
        Every(A_DAY, "certificate.ask_for_names", naming.ask_all),
        Every(A_DAY, "certificate.prolong", prolonging.prolong),
        Every(A_MONTH, "certificate.forget_checks", counting.forget),
    ),
    privacy=(
        Held(
            "certificate_standing.person_id",
            Message("To see who has met the criteria"),
            Message("Participation agreement"),
            Message("Until the account is erased"),
        ),
        Held(
            "certificate_batch.decided_by_id", Message("To answer for the decision"), STAYS_BECAUSE, Message("As long as the certificates")
        ),
        Held(
            "certificate_certificate.person_id",
            Message("To issue the certificate and to let others check it"),
            STAYS_BECAUSE,
            STAYS_FOR,
            parts=("certificate_prolonged.certificate_id",),
        ),
        Held("certificate_revocation.by_id", Message("To answer for the revocation"), STAYS_BECAUSE, Message("As long as the certificate")),
        Held(
            "certificate_name_confirmation.person_id",
            Message("To print the name as its bearer has confirmed it"),
            Message("Participation agreement"),
            Message("Until the account is erased"),
        ),
        Held(
            "certificate_refusal.person_id",
            Message("To say why somebody got no certificate, and to let that be appealed against"),
            STAYS_BECAUSE,
            Message("Until the account is erased"),
        ),
        Held("certificate_appeal.person_id", Message("To answer an appeal"), STAYS_BECAUSE, Message("Until the account is erased")),
        Held(
            "certificate_appeal.answered_by_id",
            Message("To answer for the answer to an appeal"),
            STAYS_BECAUSE,
            Message("As long as the appeal"),
        ),
    ),
    edition=EditionPart("certificate", edition.read, edition.load),
    demo={"over": demo.over},
    checks=(
        Check("seal", chosen.what_is_wrong),
        Check("time stamps", prolonging.what_is_wrong),
        Check("certificate layouts", what_is_wrong_with_layouts),
        Check("credential key", credentials.what_is_wrong),
    ),
    audits={"issued files": auditing.stored_files, "chains of certificates": auditing.chains},
)
