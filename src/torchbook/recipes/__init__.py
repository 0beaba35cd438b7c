"""The experiments: one file and one function each, named as people name them."""

from torchbook.recipes.start import evaluate, names, recipe, resume, start

__all__ = ["evaluate", "names", "recipe", "resume", "start"]
