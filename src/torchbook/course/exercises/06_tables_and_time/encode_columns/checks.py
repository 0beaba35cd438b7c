import torch

from torchbook.course.grading.cases import case

CONDITIONS = ("poor", "fair", "good")
PAINTS = ("white", "blue", "red", "green", "silver")


def table(draw, count, paints, first):
    """A table of cars in which each of the paints occurs, not in the order of the alphabet."""
    order = draw.permutation(count).tolist()
    return {
        "plate": [f"{first + number}" for number in order],
        "km": draw.uniform(f"{count}", low=5.0, high=200.0),
        "condition": [draw.choice(CONDITIONS) for _ in range(count)],
        "colour": [paints[number % len(paints)] for number in order],
    }


def both(answer, train, test):
    train_features, test_features = answer.encode_columns(train, test)
    return {"train features": train_features, "test features": test_features}


@case("six cars and three", cars=6, new_cars=3, repeat=3)
@case("many cars", cars=40, new_cars=20)
@case("a single car to test", cars=7, new_cars=1)
def cars_of_known_colours(answer, draw, cars, new_cars):
    train = table(draw, cars, PAINTS[:3], 100)
    test = table(draw, new_cars, PAINTS[:2], 500)
    return both(answer, train, test)


@case("a test table with all colours, in another order", cars=8, new_cars=5)
def another_order(answer, draw, cars, new_cars):
    return both(answer, table(draw, cars, PAINTS, 100), table(draw, new_cars, PAINTS[::-1], 500))


@case("a colour that was never seen", cars=6, new_cars=4, repeat=2)
@case("only a colour that was never seen", cars=5, new_cars=1)
def unseen(answer, draw, cars, new_cars):
    train = table(draw, cars, PAINTS[:3], 100)
    test = table(draw, new_cars, ("yellow", "blue", "amber"), 500)
    return both(answer, train, test)


@case("old cars in the test table", cars=9, new_cars=6)
def further(answer, draw, cars, new_cars):
    train, test = table(draw, cars, PAINTS[:3], 100), table(draw, new_cars, PAINTS[:2], 500)
    test["km"] = test["km"] + 300
    return both(answer, train, test)


@case("all in the same condition", cars=5, new_cars=2)
def all_good(answer, draw, cars, new_cars):
    train, test = table(draw, cars, PAINTS[:2], 100), table(draw, new_cars, PAINTS[:2], 500)
    train["condition"], test["condition"] = ["good"] * cars, ["good"] * new_cars
    return both(answer, train, test)


@case("the tables stay as they are", cars=5, new_cars=3)
def untouched(answer, draw, cars, new_cars):
    train, test = table(draw, cars, PAINTS[:3], 100), table(draw, new_cars, PAINTS[:2], 500)
    kept = train["km"].clone()
    both(answer, train, test)
    return {"km is as before": torch.equal(kept, train["km"]), "columns": sorted(train)}
