from itertools import chain


def what_is_missing(model, weights):
    shapes = {name: list(value.shape) for name, value in model.state_dict().items()}
    given = {name: list(value.shape) for name, value in weights.items()}
    both = shapes.keys() & given.keys()
    lists = {"missing": [], "unexpected": [], "misshapen": []}
    for name in chain(shapes, (name for name in given if name not in shapes)):
        if name not in both:
            lists["missing" if name in shapes else "unexpected"].append(name)
        elif shapes[name] != given[name]:
            lists["misshapen"].append(name)
    return tuple(lists.values())
