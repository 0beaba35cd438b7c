from torchbook.course.learner.project import find_project, judge_work
from torchbook.course.site.document_judge import judged


def test_a_project_that_is_not_begun_is_judged_as_in_a_terminal():
    project = find_project("P1")
    review = judge_work(project, dict.fromkeys(("scalar_engine", "engine_training"), "Not begun yet: here"))
    html = judged(review)
    assert html.count('class="not-met"') == len(review.judgements) and "Not begun yet: here" in html
    assert f"0 met. {len(review.judgements)} not met." in html
