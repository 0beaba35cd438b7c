"""How people write the ten digits: forms of pen strokes, as tables that give points along them for any hand.

The forms were drawn by looking at how digits are written. Knots are joined by Catmull-Rom splines.
"""

import numpy as np
from jaxtyping import Bool, Float32, Int64

from .dice import Dice

DIGITS = tuple("0123456789")
# How many points a form is followed in.
POINTS = 44

# (digit, how common the form is, strokes separated by "|"): knots "x,y" in hundredths, x to the right, y down. The pen
# passes smoothly through a knot and turns sharply at one marked with "*".
FORMS: tuple[tuple[int, float, str], ...] = (
    (0, 3, "50,0 20,13 8,50 20,87 50,100 80,87 92,50 80,13 50,0"),
    (0, 2, "60,2 30,8 10,50 20,88 48,100 80,85 92,45 75,10 50,3 38,12"),
    (0, 1, "35,8 15,30 10,65 35,98 70,90 90,55 80,15 55,0 30,12 25,22"),
    (0, 1, "75,0 45,8 8,35 -4,70 20,98 60,92 98,65 104,30 75,8 45,20"),
    (0, 1, "70,5 40,0 12,30 10,75 40,100 80,85 92,45 70,10 30,14"),
    (0, 0.7, "35,-6 14,30 10,70 42,100 80,82 90,42 66,8 36,4 16,-10"),
    (0, 0.5, "60,4 26,8 8,50 24,92 60,98 90,70 84,28 56,2 40,22 52,34"),
    (1, 8, "50,0 50,35 50,70 50,100"),
    (1, 1.2, "25,28 52,0* 52,50 52,100"),
    (1, 0.8, "25,25 52,0* 52,50 52,100|15,100 50,100 85,100"),
    (1, 0.8, "34,22 46,10 54,0* 52,50 46,100"),
    (1, 0.4, "30,15 52,0* 52,50 52,100|-5,100 50,99 105,100"),
    (2, 3, "10,25 25,5 55,0 80,15 78,40 50,70 10,98* 50,98 95,98"),
    (2, 1, "5,12 40,0 75,12 78,38 50,72 5,100* 60,92 120,90"),
    (2, 2, "12,22 30,3 60,2 80,20 70,45 40,75 15,92 8,84 22,76 45,86 70,98 95,92"),
    (2, 2, "15,25 35,3 65,5 78,28 62,62 30,95 2,92 6,72 32,70 62,90 102,96"),
    (2, 2, "8,20 35,0 70,10 76,40 55,75 25,100 0,90 15,74 45,84 80,92 115,78"),
    (2, 1.2, "25,32 22,10 50,0 74,15 68,50 45,85 18,98 5,84 25,68 50,80 68,98 92,90"),
    (2, 1, "10,18 45,0 72,18 55,52 25,88 0,98 -6,86 14,80 50,94 96,80"),
    (2, 1, "18,30 40,4 70,8 72,38 45,82 10,100* 40,78 70,92 110,98"),
    (2, 1.5, "20,30 30,5 65,2 82,25 70,55 35,90 8,100 0,80 20,66 48,78 72,100 100,96"),
    (2, 1, "15,15 40,0 72,8 78,32 55,62 18,88* 35,84 60,96 95,96"),
    (3, 3, "10,12 40,0 75,10 75,32 38,47* 80,58 88,80 55,100 10,90"),
    (3, 2, "12,15 45,0 78,12 72,36 45,47 35,50 48,52 80,62 85,84 50,100 8,88"),
    (3, 2, "15,12 48,0 82,10 74,32 50,46* 70,54 74,74 52,94 15,100"),
    (3, 1, "5,8 40,0 70,8 62,30 40,44* 62,50 70,68 55,90 22,100 18,96"),
    (3, 1, "0,4 40,0 78,6 62,26 36,42* 62,48 72,70 48,94 -5,100"),
    (3, 1, "20,4 56,0 76,16 58,38 36,46* 66,52 80,74 60,96 20,102 0,92"),
    (3, 0.8, "4,20 40,2 70,8 60,34 30,50* 70,50 96,66 70,92 24,98"),
    (3, 1, "4,10 40,-2 84,8 80,34 44,52* 66,56 72,74 50,96 24,100"),
    (3, 0.7, "10,3 45,3 82,3* 60,22 38,42* 75,50 88,74 55,100 10,90"),
    (3, 0.7, "18,20 45,0 76,14 62,42 38,54 30,46 50,44 82,62 78,90 40,100 10,82"),
    (4, 3, "15,5 10,30 8,58* 45,58 92,52|80,0 76,50 72,100"),
    (4, 1, "60,0 30,30 14,56* 50,58 88,52|64,0 62,50 60,100"),
    (4, 1.2, "62,0 35,32 8,66* 50,66 95,64|62,0 62,50 62,100"),
    (4, 2, "12,5 8,35 25,55 60,52 82,35 88,3* 82,50 78,100"),
    (4, 1, "30,8 10,45 40,52 88,40|85,0 65,45 55,100"),
    (4, 0.8, "72,100 74,50 76,0* 40,32 8,62* 50,62 95,60"),
    (5, 3, "88,2 60,3 30,3* 22,42* 55,36 86,58 78,88 45,100 8,90"),
    (5, 2, "30,5 25,25 20,45* 55,40 82,60 72,90 40,100 8,92|28,4 60,3 95,0"),
    (5, 1.2, "88,3 55,2 32,12 28,35 55,48 80,65 72,90 42,100 10,92"),
    (5, 1, "110,0 70,6 42,10* 32,42* 58,44 70,62 55,92 25,100 5,86"),
    (5, 1, "72,0 40,4* 30,44* 52,40 68,60 60,86 34,100 16,88"),
    (5, 1, "92,4 60,4 34,6* 14,50* 40,52 58,64 58,84 34,100 -6,96"),
    (5, 1, "90,0 64,8 44,8* 30,34 22,46* 50,44 62,60 48,84 20,100 4,94"),
    (5, 1.5, "80,0 56,2 30,4* 24,28* 60,26 88,52 76,84 40,100 6,92"),
    (5, 1, "95,8 60,6 30,10* 26,34* 60,34 84,58 66,86 30,100 4,96"),
    (5, 0.6, "85,0 50,2 26,6* 18,46* 52,34 84,52 84,84 50,102 18,92 16,74"),
    (5, 1, "35,8 28,30 22,48* 50,40 74,60 64,90 35,98 14,84|32,8 70,6 118,0"),
    (6, 3, "70,0 38,20 12,55 15,86 45,100 78,87 78,63 50,53 18,70"),
    (6, 2, "55,0 30,30 14,65 22,94 52,100 76,84 68,64 42,64 22,82"),
    (6, 1, "50,0 22,28 10,65 30,97 68,96 86,72 66,52 34,60 20,80 28,94"),
    (6, 1.5, "28,0 12,35 8,75 35,100 78,92 92,66 66,52 32,68 14,88"),
    (6, 1, "20,0 8,40 10,80 36,100 70,88 70,66 44,60 16,80"),
    (6, 1, "30,0 6,40 6,84 46,102 90,82 92,52 60,36 30,56 22,80"),
    (6, 0.7, "55,0 35,25 14,62 28,96 70,98 104,74 84,58 50,72 34,90"),
    (6, 1, "30,0 5,50 10,92 60,100 104,78 90,62 50,70 16,90"),
    (6, 1, "55,0 24,30 10,70 30,98 60,86 56,66 36,70 22,84"),
    (6, 1, "60,0 36,36 24,72 36,98 64,92 66,72 46,66 26,84"),
    (6, 1, "80,5 40,10 10,45 10,85 45,102 85,82 72,58 40,56 18,66"),
    (7, 4, "8,6 50,5 92,3* 62,48 42,100"),
    (7, 1.5, "8,6 50,5 90,3* 62,48 42,100|25,52 55,50 82,47"),
    (7, 1, "8,25 10,4* 50,8 92,2* 65,45 50,100"),
    (7, 1, "8,15 30,3 60,10 90,3* 68,35 55,70 50,100"),
    (7, 1, "5,30 20,8 50,5 80,8 84,25 66,60 52,100"),
    (7, 0.8, "6,22 8,6* 30,14 60,8 88,2* 60,45 50,75 46,100|25,48 80,52"),
    (7, 0.8, "10,40 10,8* 50,4 84,10 82,40 78,70 76,100"),
    (7, 0.8, "4,30 26,4 56,8 84,4 76,40 54,70 42,100"),
    (7, 0.8, "0,20 20,10 50,12 84,8 80,20 60,58 36,100"),
    (7, 0.6, "8,28 12,5* 50,6 90,3* 62,48 42,100|22,54 55,52 88,46"),
    (8, 3, "80,14 50,0 20,12 25,35 50,48 80,66 80,90 50,100 20,90 20,66 50,48 76,32 80,12"),
    (8, 1.2, "50,0 25,10 25,36 50,46 75,36 75,10 50,0|50,46 20,58 18,88 50,100 82,88 80,58 50,46"),
    (8, 1.5, "76,6 40,2 20,20 45,42 78,66 72,95 38,100 18,80 38,56 70,34 86,8"),
    (8, 1.5, "88,10 55,0 22,12 26,36 52,54 66,76 52,100 30,92 32,72 58,48 84,26 88,8"),
    (8, 1, "92,2 58,10 26,8 18,28 50,50 66,78 45,100 24,84 44,56 70,36 78,12 60,0"),
    (8, 1, "70,22 64,2 34,4 28,28 48,46 78,62 88,86 50,102 12,86 22,62 52,46 72,20"),
    (8, 1, "96,0 68,28 44,54 22,82 40,104 66,86 52,60 22,38 14,16 40,4 70,10"),
    (8, 1, "94,6 70,2 36,8 30,30 56,52 64,76 44,98 24,84 36,62 66,42 96,14"),
    (8, 0.8, "66,8 36,4 22,24 46,44 80,64 84,88 50,102 18,86 26,62 56,44 82,24"),
    (8, 1.2, "84,12 50,0 20,18 36,44 60,70 54,96 34,98 30,80 50,52 78,30 84,10"),
    (8, 1, "70,6 30,4 14,28 40,48 60,64 62,88 44,100 28,86 36,64 66,44 84,20 70,4"),
    (8, 1, "84,0 60,22 40,50 20,80 36,102 62,86 58,64 34,40 26,16 50,6 76,14"),
    (8, 0.8, "50,44 24,28 40,0 72,12 62,40 34,58 22,86 46,102 68,82 58,54 40,38"),
    (9, 1.2, "82,22 50,0 12,18 6,55 36,78 72,58 86,6* 84,55 88,100"),
    (9, 1, "76,12 46,2 12,30 10,66 40,76 72,42 82,10* 80,60 96,100"),
    (9, 0.8, "84,2 48,2 20,22 30,40 60,40 86,12 70,50 48,100"),
    (9, 1, "90,0 60,0 22,20 20,42 48,46 80,18* 80,56 72,100"),
    (9, 1, "78,12 46,0 14,18 16,46 46,54 74,40 84,12 84,48 60,88 22,100 4,86"),
    (9, 3, "82,15 50,0 15,15 12,40 42,52 76,36 84,8* 80,50 72,100"),
    (9, 2, "80,12 48,0 15,15 15,40 45,50 78,30 82,10* 82,50 66,88 35,100 12,92"),
    (9, 1.5, "78,25 60,3 28,5 12,28 35,48 66,38 80,12 80,40 74,70 70,100"),
    (9, 1, "84,4 50,6 20,26 24,46 54,42 82,14 74,50 56,100"),
    (9, 1, "60,8 24,12 8,36 34,50 72,32 88,10* 82,50 76,100"),
    (9, 1, "76,16 56,0 26,10 22,32 46,42 72,26 78,14* 74,50 50,86 18,100"),
    (9, 0.8, "70,4 40,2 20,22 42,42 66,44* 62,70 52,100"),
)


def choose(dice: Dice) -> tuple[Int64[np.ndarray, "n"], Int64[np.ndarray, "n"]]:
    """A form for each picture and the digit that it is: all digits alike, their forms as common as they are."""
    form = dice.choice(tuple(_SHARES))
    return form, _DIGITS[form]


def follow(
    form: Int64[np.ndarray, "n"], dice: Dice, straying: Float32[np.ndarray, "n"]
) -> tuple[Float32[np.ndarray, "n points 2"], Bool[np.ndarray, "n points"]]:
    """Points along the strokes as one hand draws them, and whether the pen was lifted just before each.

    `straying` is about how far a knot is from where it should be, in heights of the digit; a stroke as a whole strays
    a little less. The middle of the digit is the origin, its height 1.
    """
    knots = _KNOTS[form] + dice.normal(0, 1, _KNOTS.shape[1:]) * straying[:, None, None]
    strokes = dice.normal(0, 0.6, (3, 2)) * straying[:, None, None]
    knots += np.take_along_axis(strokes, _STROKES[form][:, :, None], axis=1) - 0.5
    points = np.zeros((len(form), POINTS, 2), dtype=np.float32)
    for k in range(4):
        points += np.take_along_axis(knots, _NEIGHBOURS[form][:, :, k, None], axis=1) * _WEIGHTS[form][:, :, k, None]
    points[..., 0] *= WIDTHS[_DIGITS[form]][:, None]
    return points, _LIFTED[form]


def _compiled(text: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """A form as tables: its knots and their strokes, and for each of POINTS points the four knots around it, the
    Catmull-Rom weights of these and whether the pen was lifted before it."""
    knots: list[tuple[float, float]] = []
    strokes, spans, lifts = [], [], []
    for stroke, part in enumerate(text.split("|")):
        words = part.split()
        first, last = len(knots), len(knots) + len(words) - 1
        sharp = [True, *(word.endswith("*") for word in words[1:-1]), True]
        for i in range(first, last):
            before = i if sharp[i - first] else i - 1
            after = i + 1 if sharp[i + 1 - first] else i + 2
            spans.append((before, i, i + 1, after))
            lifts.append(i == first)
        for word in words:
            x, y = word.rstrip("*").split(",")
            knots.append((int(x) / 100, int(y) / 100))
            strokes.append(stroke)
    lengths = np.array([np.hypot(knots[c][0] - knots[b][0], knots[c][1] - knots[b][1]) for _, b, c, _ in spans])
    pieces = np.maximum(2, np.floor(lengths / lengths.sum() * (POINTS - sum(lifts)))).astype(int)
    while (excess := pieces.sum() + sum(lifts) - POINTS) != 0:
        pieces[np.argmax(pieces / lengths) if excess > 0 else np.argmax(lengths / pieces)] -= np.sign(excess)
    neighbours, weights, lifted = [], [], []
    for span, lift, count in zip(spans, lifts, pieces):
        for t in np.arange(0 if lift else 1, count + 1) / count:
            neighbours.append(span)
            weights.append(_catmull_rom(t))
            lifted.append(lift and t == 0)
    return np.array(knots), np.array(strokes), np.array(neighbours), np.array(weights), np.array(lifted)


def _catmull_rom(t: float) -> tuple[float, float, float, float]:
    return (
        (-t + 2 * t**2 - t**3) / 2,
        (2 - 5 * t**2 + 3 * t**3) / 2,
        (t + 4 * t**2 - 3 * t**3) / 2,
        (-(t**2) + t**3) / 2,
    )


_TABLES = [_compiled(strokes) for _, _, strokes in FORMS]
_LONGEST = max(len(table[0]) for table in _TABLES)
_KNOTS = np.stack([np.pad(t[0], ((0, _LONGEST - len(t[0])), (0, 0))) for t in _TABLES]).astype(np.float32)
_STROKES = np.stack([np.pad(t[1], (0, _LONGEST - len(t[1]))) for t in _TABLES])
_NEIGHBOURS, _WEIGHTS, _LIFTED = (np.stack([t[i] for t in _TABLES]) for i in (2, 3, 4))
_WEIGHTS = _WEIGHTS.astype(np.float32)
_DIGITS = np.array([digit for digit, _, _ in FORMS])
_SHARES = np.array([share / sum(s for d, s, _ in FORMS if d == digit) for digit, share, _ in FORMS])
# How wide a digit is for its height.
WIDTHS = np.array([0.8, 0.6, 0.84, 0.7, 0.72, 0.72, 0.66, 0.68, 0.64, 0.6], dtype=np.float32)
