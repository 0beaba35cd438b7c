"""Pages are made before somebody asks for them."""

from torchbook.course.site import document_page
from torchbook.course.site.first_page import make_all_pages
from torchbook.course.texts.document import documents


def test_all_pages_are_made_but_those_with_which_something_is_wrong(learner, lessons):
    (lessons / "71_broken.md").write_text("no front matter")
    document_page._read_once.cache_clear()
    assert make_all_pages(learner, lessons, before=0.0) == len(documents())
    assert document_page._read_once.cache_info().currsize == len(documents())
