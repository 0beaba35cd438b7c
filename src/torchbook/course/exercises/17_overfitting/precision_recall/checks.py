import torch

from torchbook.course.grading.cases import case


def named(result):
    """The two numbers by name, or what came in their place."""
    is_pair = isinstance(result, tuple | list) and len(result) == 2
    return dict(zip(("precision", "recall"), result)) if is_pair else {"precision, recall": result}


def drawn(draw, lengths, share=0.4):
    """Scores that know something of the labels, in batches in which each kind of answer can occur."""
    batches = []
    for length in lengths:
        labels = (draw.uniform(f"{length}") < share).long()
        batches.append((draw.normal(f"{length}") + labels, labels))
    return batches


@case("one batch", lengths=(20,), repeat=2)
@case("batches of different lengths", lengths=(12, 9, 4), repeat=3)
@case("many positives", lengths=(15, 6), share=0.8)
@case("few positives", lengths=(30, 12), share=0.15)
def random_scores(answer, draw, lengths, share=0.4):
    return named(answer.precision_recall(drawn(draw, lengths, share), draw.number(0.2, 0.8)))


@case("a threshold below 0", threshold=-0.7)
@case("a threshold above 1", threshold=1.2)
def thresholds(answer, draw, threshold):
    return named(answer.precision_recall(drawn(draw, (25, 10)), threshold))


@case("nine called positive, six of them right, out of eight")
def by_hand(answer, draw):
    """Six hits, three false alarms, two misses and four that are rightly left out, in a random order."""
    labels = torch.tensor([1] * 6 + [0] * 3 + [1] * 2 + [0] * 4)[draw.permutation(15)]
    order = labels.argsort(descending=True, stable=True)  # the positives first
    scores = torch.zeros(15)
    scores[order[:6]], scores[order[6:8]], scores[order[8:11]], scores[order[11:]] = 0.9, 0.1, 0.8, 0.2
    return named(answer.precision_recall([(scores[:7], labels[:7]), (scores[7:], labels[7:])], 0.5))


@case("scores of exactly the threshold")
def exactly(answer, draw):
    labels = torch.tensor([1, 0, 1, 1, 0, 0])[draw.permutation(6)]
    scores = torch.tensor([0.5, 0.25, 0.5, 0.75, 0.5, 0.25])[draw.permutation(6)]
    return named(answer.precision_recall([(scores, labels)], 0.5))


@case("nothing is called positive", threshold=50.0)
@case("everything is called positive", threshold=-50.0)
def extreme(answer, draw, threshold):
    labels = torch.tensor([1, 0, 1, 0, 0])
    return named(answer.precision_recall([(draw.normal("5"), labels)], threshold))


@case("nothing is positive")
def no_positives(answer, draw):
    return named(answer.precision_recall([(draw.normal("8"), torch.zeros(8).long())], 0.0))


@case("a batch without positives among others")
def one_without(answer, draw):
    batches = drawn(draw, (10, 8), share=0.7)
    batches.insert(1, (draw.normal("6"), torch.zeros(6).long()))
    return named(answer.precision_recall(batches, 0.3))


@case("no batch at all")
def empty(answer, draw):
    return named(answer.precision_recall([], 0.5))
