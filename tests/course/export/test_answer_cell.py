"""Cells of a notebook that save an answer and check it."""


def test_an_answer_in_a_notebook_is_checked_and_never_lost(own_home, tmp_path, capsys):
    from torchbook.course.export.answer_cell import _answered
    from torchbook.course.export.questions import exercise_named
    from torchbook.course.learner import workspace

    asked = exercise_named("mean_squared_error")
    _answered("mean_squared_error", asked.solution)
    assert "passed" in capsys.readouterr().out
    _answered("mean_squared_error", asked.starter)
    assert "is left as it is" in " ".join(capsys.readouterr().out.split())
    found = (workspace.find() or workspace.Workspace(workspace.usual_folder())).answer(asked)
    assert found.read_text(encoding="utf-8") == asked.solution
    _answered("mean_squarred", "x = 1")
    assert "there is none of that name" in capsys.readouterr().out
