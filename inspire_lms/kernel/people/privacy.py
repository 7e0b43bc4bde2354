"""What the kernel itself keeps about persons: why, on what basis, and for how long."""

from inspire_lms.kernel.errors import Message
from inspire_lms.kernel.mailing import refused
from inspire_lms.kernel.plugin import Held

_ACCOUNT = Message("Recognising who signs in and writing to that person: name, e-mail address, language, time zone, password as a digest.")
_TASK = Message("A task in the public interest (Article 6(1)(e) GDPR): running the training programme.")
_DUTY = Message("A legal obligation (Article 6(1)(c) GDPR): accounting for a project paid with public money.")
_SAFETY = Message("A legitimate interest (Article 6(1)(f) GDPR): keeping the site safe.")
_WITH_ACCOUNT = Message("Until the account is erased.")
_PROJECT = Message("As long as the grant agreement asks for evidence: five years after the final payment.")

HELD = (
    Held("people_person.id", _ACCOUNT, _TASK, _WITH_ACCOUNT),
    Held(
        "people_membership.person_id",
        Message("Knowing for which administration a person works, and in which position."),
        _TASK,
        _WITH_ACCOUNT,
    ),
    Held(
        "people_mailed_link.person_id",
        Message("Links sent by mail to confirm an address or to set a password."),
        _SAFETY,
        Message("A few days after the link has been used or has run out."),
    ),
    Held("access_grant.person_id", Message("The roles of a person: who may see and do what."), _TASK, _WITH_ACCOUNT),
    Held("access_grant.granted_by", Message("Who gave a role to whom."), _DUTY, _PROJECT),
    Held("programmes_participation.person_id", Message("Who takes part in which course, since when and until when."), _DUTY, _PROJECT),
    Held("programmes_edition.loaded_by", Message("Who loaded the description of an edition."), _DUTY, _PROJECT),
    Held("kernel_mail.to_person", Message("The mails sent by this site, so that one can prove what was told to whom."), _DUTY, _PROJECT),
    Held(
        "kernel_refused_address.address",
        Message("Addresses that a mail server has refused, so that nothing more is sent there until somebody has looked."),
        _TASK,
        Message("Until the address is cleared or the account is erased."),
        told=refused.told,
    ),
    Held("kernel_file.kept_by", Message("Who handed in a file."), _DUTY, _PROJECT),
    Held("kernel_audit.by_id", Message("Who did what, and who looked at an applicant's file."), _DUTY, _PROJECT),
    Held("kernel_audit.about_id", Message("Whom a recorded deed concerned."), _DUTY, _PROJECT),
)
"""Every column of the kernel that points at a person."""
