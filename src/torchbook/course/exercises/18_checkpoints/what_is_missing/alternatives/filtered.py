import copy


def what_is_missing(model, weights):
    own = copy.deepcopy(model).state_dict()
    common = list(filter(weights.__contains__, own))
    missing = list(filter(lambda name: name not in common, own))
    unexpected = list(filter(lambda name: name not in common, weights))
    return missing, unexpected, [name for name in common if tuple(own[name].shape) != tuple(weights[name].shape)]
