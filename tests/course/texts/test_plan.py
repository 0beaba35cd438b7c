from torchbook.course.texts.plan import LESSONS, planned_lesson
from torchbook.recipes.start import names


def test_thirty_three_lessons_in_ten_parts_and_room_for_more():
    assert [one.number for one in LESSONS] == list(range(33))
    assert len({one.part for one in LESSONS}) == 10
    assert (
        planned_lesson(13).title == "Probabilities"
        and planned_lesson(27).title == "A first GAN"
        and planned_lesson(32).part == "Shipping"
    )
    assert planned_lesson(40).part == "Added"


def test_every_recipe_has_its_lesson():
    planned = [recipe for lesson in LESSONS for recipe in lesson.recipes]
    assert sorted(planned) == sorted(names())
