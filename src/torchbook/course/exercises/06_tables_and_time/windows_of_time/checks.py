import torch

from torchbook.course.grading.cases import case


def parts(answer, series, length, valid_days):
    train_windows, train_targets, valid_windows, valid_targets = answer.windows_of_time(series, length, valid_days)
    return {
        "train_windows": train_windows,
        "train_targets": train_targets,
        "valid_windows": valid_windows,
        "valid_targets": valid_targets,
    }


@case("the days 0 to 9", days=10, length=3, valid_days=2)
@case("the days 0 to 3", days=4, length=2, valid_days=1)
def counted(answer, draw, days, length, valid_days):
    return parts(answer, torch.arange(float(days))[:, None], length, valid_days)


@case("several features", days=14, features=3, length=4, valid_days=3, repeat=2)
@case("windows of one day", days=9, features=2, length=1, valid_days=2)
@case("as many days as features", days=12, features=4, length=4, valid_days=4)
@case("two years", days=730, features=2, length=28, valid_days=180)
@case("nearly everything for validation", days=9, features=2, length=3, valid_days=5)
@case("a single window of each", days=7, features=3, length=5, valid_days=1)
def measured(answer, draw, days, features, length, valid_days):
    return parts(answer, draw.normal(f"{days} {features}"), length, valid_days)


@case("float64", days=11, features=2, length=3, valid_days=2)
def doubles(answer, draw, days, features, length, valid_days):
    return parts(answer, draw.normal(f"{days} {features}", dtype=torch.float64), length, valid_days)
