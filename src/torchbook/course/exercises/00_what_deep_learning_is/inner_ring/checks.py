import math

from torchbook.course.grading.cases import case


@case("points of the inner ring", radius=0.8, repeat=6)
@case("points of the outer ring", radius=1.0, repeat=6)
@case("points just inside the border", radius=0.89, repeat=6)
@case("points just outside the border", radius=0.91, repeat=6)
@case("points a little further inside", radius=0.83, repeat=2)
def on_a_ring(answer, draw, radius):
    angle = draw.number(0.0, 2 * math.pi)
    return answer.inner_ring(round(radius * math.cos(angle), 4), round(radius * math.sin(angle), 4))


@case("a point near a corner", distance=1.0)
@case("a point inside, near a corner", distance=0.8)
def corner(answer, draw, distance):
    side = round(distance / math.sqrt(2), 4)
    return answer.inner_ring(side * draw.choice([-1, 1]), side * draw.choice([-1, 1]))


@case("the middle itself", x=0.0, y=0.0)
@case("exactly on the border", x=0.9, y=0.0)
@case("exactly on the border, below", x=0.0, y=-0.9)
@case("far away, to the left and below", x=-3.0, y=-4.0)
@case("outside, 1.3 away", x=1.0, y=0.83)
@case("far away, to the left and above", x=-3.0, y=4.0)
@case("far away to the right", x=3.0, y=0.1)
@case("far above", x=-0.1, y=3.0)
@case("whole numbers", x=0, y=-2)
def place(answer, draw, x, y):
    return answer.inner_ring(x, y)
