import torch

from torchbook.course.grading.cases import case


@case("a grey picture without channels, 8 bits", bits=8)
@case("a grey picture without channels, 16 bits", bits=16)
@case("a square grey picture", bits=12, height=4, width=4)
@case("a picture four pixels wide", bits=8, width=4)
@case("a picture of three rows", bits=8, height=3)
def grey(answer, draw, bits):
    return answer.to_floats(draw.integers("height width", 0, 2**bits, dtype=torch.int32), bits)


@case("a colour picture, 8 bits", bits=8, channels=3)
@case("a colour picture, 12 bits", bits=12, channels=3)
@case("a colour picture, 16 bits", bits=16, channels=3)
@case("one channel that is there already", bits=8, channels=1)
@case("red, green, blue and alpha", bits=8, channels=4, height=6)
@case("a square picture with alpha", bits=8, channels=4, height=5, width=5)
@case("a colour picture three pixels each way", bits=8, channels=3, height=3, width=3)
@case("four rows of colour", bits=8, channels=3, height=4)
def colour(answer, draw, bits):
    return answer.to_floats(draw.integers("height width channels", 0, 2**bits, dtype=torch.int32), bits)


@case("bytes, as a camera stores them", dtype=torch.uint8, bits=8)
@case("int16 numbers of 12 bits", dtype=torch.int16, bits=12)
def other_types(answer, draw, dtype, bits):
    return answer.to_floats(draw.integers("height width 3", 0, 2**bits, dtype=dtype), bits)


@case("black and white, 8 bits", bits=8)
@case("black and white, 12 bits", bits=12)
@case("black and white, 16 bits", bits=16)
def ends(answer, draw, bits):
    return answer.to_floats(torch.tensor([[0, 2**bits - 1]]), bits)


@case("back to bits", bits=12, repeat=2)
@case("back to 8 bits", bits=8)
def back(answer, draw, bits):
    numbers = draw.integers("3 height width", 0, 2**bits, dtype=torch.int32)
    # A little beside each level: the nearest whole number is still the one that was drawn.
    return answer.to_bits(
        (numbers + draw.uniform("3 height width", -0.3, 0.3)).clamp(0, 2**bits - 1) / (2**bits - 1), bits
    )


@case("back to bits without channels", bits=12)
def back_grey(answer, draw, bits):
    return answer.to_bits(draw.integers("height width", 0, 2**bits, dtype=torch.int32) / (2**bits - 1), bits)


@case("every number of 8 bits, there and back", bits=8)
@case("every number of 12 bits, there and back", bits=12)
@case("every number of 16 bits, there and back", bits=16)
def there_and_back(answer, draw, bits):
    numbers = torch.arange(2**bits, dtype=torch.int32).view(2 ** (bits // 2), -1)
    lost = answer.to_bits(answer.to_floats(numbers, bits), bits).reshape(numbers.shape) != numbers
    return {"numbers that were lost": int(lost.sum())}
