"""The experiments: one file and one function each, named as people name them."""

from torchbook.recipes.start import names, recipe, resume, start

__all__ = ["names", "recipe", "resume", "start"]
