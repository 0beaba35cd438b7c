def log_likelihood(probabilities, labels):
    total = 0
    for probability, label in zip(probabilities, labels):
        total = total + (probability if label else 1 - probability).log()
    return total


def most_likely(candidates, labels):
    best = 0
    for i in range(1, len(candidates)):
        if log_likelihood(candidates[i], labels) > log_likelihood(candidates[best], labels):
            best = i
    return best
