from torchbook.course.texts.plan import LESSONS, lesson


def test_thirty_three_lessons_in_ten_parts_and_room_for_more():
    assert [one.number for one in LESSONS] == list(range(33))
    assert len({one.part for one in LESSONS}) == 10
    assert lesson(13).title == "Probabilities" and lesson(27).title == "A first GAN" and lesson(32).part == "Shipping"
    assert lesson(40).part == "Added"
