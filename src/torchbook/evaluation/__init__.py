"""How good a model is: measures, the Fréchet distance, what a model costs."""

from torchbook.evaluation.describe import describe
from torchbook.evaluation.evaluate import evaluate, final_test
from torchbook.evaluation.measures import accuracy, baseline, classification, confusion, reconstruction, regression

__all__ = [
    "accuracy",
    "baseline",
    "classification",
    "confusion",
    "describe",
    "evaluate",
    "final_test",
    "reconstruction",
    "regression",
]
