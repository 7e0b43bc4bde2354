"""What a trainee is handed out on request: the own answers and their marks, and not who marked."""

from inspire_lms.kernel import clock
from inspire_lms.kernel.people import erasing
from inspire_lms.plugins.assessment.marking import actions as marking
from inspire_lms.plugins.assessment.plugin import plugin
from tests.builders import a_trainee, staff
from tests.plugins.assessment.builders import NOW, a_course, written


def test_answers_and_marks_are_handed_out_without_who_marked(app):
    course = a_course()
    person, other, trainer = (a_trainee(course.cohort).id, a_trainee(course.cohort).id, staff(course.cohort, "trainer").id)
    _, response_id = written(course, person, "My own essay")
    written(course, other, "Another essay")
    with clock.frozen(NOW):
        marking.mark(response_id, levels={"problem": 2, "people": 3}, comment="Good", by=trainer)
    told = erasing.held_about(person, plugin.privacy)
    assert [row["answer"] for row in told["assessment_response"]] == [["My own essay"]]
    assert [("marked_by" in row, row["response_id"], row["comment"]) for row in told["assessment_mark"]] == [(False, response_id, "Good")]
