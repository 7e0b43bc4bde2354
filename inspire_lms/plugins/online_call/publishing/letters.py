"""The mail about the provisional list: that the own result can be seen, never the result itself."""

from inspire_lms.kernel import mail
from inspire_lms.kernel.errors import Message, When
from inspire_lms.plugins.online_call.applying.letters import post
from inspire_lms.plugins.online_call.models import Application
from inspire_lms.plugins.online_call.publishing.models import Publication


def provisional(publication: Publication, application: Application) -> None:
    """Tell an applicant that the provisional list is there, and until when one may appeal."""
    call, zone = application.call, application.call.cohort.zone
    until = When(publication.appeal_until or publication.published_at, zone)
    post(
        application.person_id,
        key=f"online_call.provisional:{publication.id}:{application.id}",
        call=call,
        subject=Message("The provisional result of your application {number} can be seen", number=application.protocol_number),
        lines=(
            Message("The provisional ranking of the call is there. After signing in you see your own result; nobody else does."),
            Message("If you think that something in it is wrong, you may appeal on the same page until {until}.", until=until),
            Message("Places are offered after that, by the final ranking."),
        ),
        facts=((Message("Protocol number"), application.protocol_number), (Message("Call"), call.title)),
        button=(Message("See your result"), mail.link("online_call.follow", application_id=application.id)),
    )
