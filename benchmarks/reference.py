"""Our results beside the published ones, on the same data: mean and spread over seeds, every test sample weighing the
same.

    TORCHBOOK_DATA=... python benchmarks/reference.py mnist --seeds 3
    python benchmarks/reference.py pictures.zip --recipes resnet9

Published: logistic regression and MLP 784-512-512-10 of the courses Zero to GANs and Intro to Deep Learning with
PyTorch; ResNet-9 in 8 epochs on the original CIFAR-10, which a lossy copy does not reach.
"""

import argparse
import statistics

from torchbook.recipes import start

PUBLISHED = {("mnist", "logistic_regression"): "86.2 %", ("mnist", "mlp"): "98.41 % (50 epochs)"}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("--recipes", nargs="+", default=["logistic_regression", "mlp", "cnn"])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--folder", help="where the runs go; TORCHBOOK_HOME without it")
    options = parser.parse_args()
    print("| recipe | published | ours, mean | each seed | seconds of training |")
    print("|---|---|---|---|---|")
    for recipe in options.recipes:
        results = [
            start(recipe, {"data": options.data, "seed": seed}, folder=options.folder) for seed in range(options.seeds)
        ]
        values = [100 * result["test"]["accuracy"] for result in results]
        seconds = statistics.median(result["seconds"] for result in results)
        each = ", ".join(f"{value:.2f}" for value in values)
        published = PUBLISHED.get((options.data, recipe), "")
        print(f"| {recipe} | {published} | {statistics.mean(values):.2f} % | {each} | {seconds:.0f} |", flush=True)
