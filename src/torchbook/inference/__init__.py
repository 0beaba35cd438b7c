"""What a model is for: prediction, generation, export and pictures."""

from torchbook.inference.evaluate_run import evaluate_run
from torchbook.inference.export import export
from torchbook.inference.generate import generate
from torchbook.inference.predict import load_model, predict
from torchbook.inference.pretrained import load_pretrained

__all__ = ["evaluate_run", "export", "generate", "load_model", "load_pretrained", "predict"]
