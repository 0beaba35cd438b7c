"""What every project promises: its model solution meets its rubric, and who hands in nothing does not."""

import pytest

from torchbook.course.authoring.project_check import project_faults
from torchbook.course.texts.document import projects, read_document

WRITTEN = [pytest.param(file, id=file.stem) for file in projects().values()]


@pytest.mark.slow
@pytest.mark.parametrize("file", WRITTEN)
def test_the_model_solution_meets_the_rubric_and_an_empty_one_does_not(file):
    faults = list(project_faults(read_document(file)))
    assert not faults, "\n".join(["", *faults])
