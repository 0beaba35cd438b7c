from torchbook.course.grading.cases import case


def slices_of(draw, *, gap, first, numbered="shuffled"):
    """Draws slices in the order of their names, which is that of their positions only where `numbered` says so."""
    depth = draw.size("depth")
    order = draw.permutation(depth).tolist() if numbered == "shuffled" else list(range(depth))
    if numbered == "downwards":
        order = order[::-1]
    slices = [
        (f"slice_{number + 1}", first + gap * place, draw.normal("height width")) for number, place in enumerate(order)
    ]
    return sorted(slices, key=lambda each: each[0])


def returned(answer, slices):
    volume, spacing = answer.stack_slices(slices)
    return {"volume": volume, "spacing": spacing}


@case("slices in any order", gap=2.5, first=-40.0, repeat=3)
@case("positions on both sides of 100", gap=7.0, first=86.0, depth=5)
@case("as many slices as rows and columns", gap=3.0, first=1.0, depth=4, height=4, width=4)
@case("a step of less than a millimetre", gap=0.5, first=-3.0, depth=12)
@case("planes of one row", gap=5.0, first=5.0, height=1)
@case("planes of one column", gap=5.0, first=5.0, width=1)
def shuffled(answer, draw, gap, first):
    return returned(answer, slices_of(draw, gap=gap, first=first))


@case("twelve slices, numbered by their positions", gap=4.0, first=-20.0, depth=12)
@case("three slices in order", gap=1.5, first=0.0, depth=3)
@case("two slices", gap=6.0, first=10.0, depth=2)
def upwards(answer, draw, gap, first):
    return returned(answer, slices_of(draw, gap=gap, first=first, numbered="upwards"))


@case("five slices, numbered from the head down", gap=4.0, first=-10.0, depth=5)
@case("two slices, the upper one first", gap=2.0, first=3.0, depth=2)
def downwards(answer, draw, gap, first):
    return returned(answer, slices_of(draw, gap=gap, first=first, numbered="downwards"))


@case("five slices, none beside its neighbour")
def apart(answer, draw):
    gap = draw.choice([1.5, 2.5, 4.0])
    return returned(
        answer, [(f"slice_{at}", gap * place, draw.normal("4 5")) for at, place in enumerate((0, 2, 4, 1, 3))]
    )
