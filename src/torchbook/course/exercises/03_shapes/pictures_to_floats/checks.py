import torch

from torchbook.course.grading.cases import case


@case("small pictures", repeat=3)
@case("one grey picture", batch=1, channels=1)
@case("square pictures", height=5, width=5)
@case("as many channels as pixels in a row", width=3, channels=3, height=3)
def pictures(answer, draw):
    return answer.pictures_to_floats(draw.integers("batch height width channels", 0, 256, dtype=torch.uint8))


@case("black is 0 and white is 1")
def ends(answer, draw):
    return answer.pictures_to_floats(torch.tensor([[[[0, 255]]]], dtype=torch.uint8))
