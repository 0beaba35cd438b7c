"""The contract that every lesson written as a document keeps."""

import pytest

from torchbook.course.authoring.document_check import SECONDS, check_document
from torchbook.course.texts.document import documents, read_document

WRITTEN = [pytest.param(file, id=file.stem) for file in documents().values()]


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("file", WRITTEN)
def test_a_document_keeps_the_contract(file):
    # A machine that is busy with other tests needs longer.
    report = check_document(read_document(file), seconds=2 * SECONDS)
    assert not report.faults, "\n".join(["", *report.faults])
