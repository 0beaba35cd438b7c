"""You compared $x^2 + y^2$ with 0.9. That sum is the distance *squared*: take its root first, or compare with
$0.9^2 = 0.81$."""


def inner_ring(x, y):
    return 1 if x**2 + y**2 < 0.9 else 0
