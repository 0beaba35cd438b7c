"""What a model is for: prediction, generation, export and pictures."""

from torchbook.inference.export import export
from torchbook.inference.generate import generate
from torchbook.inference.predict import load_model, predict

__all__ = ["export", "generate", "load_model", "predict"]
