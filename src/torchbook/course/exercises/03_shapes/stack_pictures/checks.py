import torch

from torchbook.course.grading.cases import case


@case("two small pictures", count=2, height=2, width=3)
@case("some pictures", repeat=2)
@case("square pictures", height=4, width=4)
@case("a single picture", count=1)
@case("pictures of one row", height=1)
@case("pictures of one column", width=1)
@case("as many pictures as rows", count=3, height=3)
def there(answer, draw):
    return answer.stack_pictures([draw.normal("height width") for _ in range(draw.size("count"))])


@case("pictures of whole numbers", dtype=torch.uint8)
def bytes_there(answer, draw, dtype):
    return answer.stack_pictures([draw.integers("height width", 0, 256, dtype=dtype) for _ in range(2)])


@case("back again, two small pictures", count=2, height=2, width=3)
@case("back again", repeat=2)
@case("back again, a single picture", count=1)
@case("back again, pictures of one row", height=1)
@case("back again, pictures of one column", width=1)
def back(answer, draw):
    return answer.unstack_pictures(draw.normal("count 1 height width"))


@case("back again, pictures of whole numbers", dtype=torch.uint8)
def bytes_back(answer, draw, dtype):
    return answer.unstack_pictures(draw.integers("count 1 height width", 0, 256, dtype=dtype))
