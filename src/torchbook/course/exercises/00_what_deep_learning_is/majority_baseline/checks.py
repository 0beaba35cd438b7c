from torchbook.course.grading.cases import case


@case("two classes", classes=2, count=7, repeat=4)
@case("many classes", classes=25, count=60, repeat=2)
@case("ten classes", classes=10, count=30, repeat=4)
@case("three classes", classes=3, count=8, repeat=4)
def random_labels(answer, draw, classes, count):
    return answer.majority_baseline(draw.integers(f"{count}", 0, classes).tolist())


@case("one class is frequent, and it is not the first", frequent=4, often=5, others=[9, 0, 1])
@case("the most frequent class is 0", frequent=0, often=4, others=[1, 2, 1])
@case("the most frequent class has the largest number", frequent=9, often=6, others=[3, 3, 1, 0, 0])
@case("a third is right", frequent=2, often=1, others=[0, 5])
@case("two classes are equally frequent", frequent=3, often=2, others=[8, 8])
def told(answer, draw, frequent, often, others):
    return answer.majority_baseline([*others, *[frequent] * often])


@case("all labels are equal", label=7, count=5)
@case("a single label", label=0, count=1)
@case("a single label that is not 0", label=3, count=1)
def alike(answer, draw, label, count):
    return answer.majority_baseline([label] * count)
