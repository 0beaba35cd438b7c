import torch

from torchbook.course.grading.cases import case


@case("grey pictures", channels=1, rows=2, columns=3, pictures=6, height=2, width=3)
@case("pictures in colour", rows=2, columns=3, pictures=6, channels=3)
@case("more rows than columns", rows=3, columns=2, pictures=6)
@case("as many rows as columns, square pictures", rows=2, columns=2, pictures=4, height=3, width=3)
@case("a single row", rows=1, columns=4, pictures=4)
@case("a single column", rows=4, columns=1, pictures=4)
@case("a single picture", rows=1, columns=1, pictures=1)
@case("pictures of whole numbers", rows=2, columns=2, pictures=4, dtype=torch.uint8)
def sheets(answer, draw, rows, columns, dtype=torch.float32):
    pictures = draw.integers("pictures channels height width", 0, 256, dtype=dtype)
    return answer.picture_grid(pictures, rows, columns)
