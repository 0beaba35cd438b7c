"""Plain modules. `build(name, **arguments)` makes one; nothing here knows how it will be trained."""

from torchbook.models.build import MODELS, build

__all__ = ["MODELS", "build"]
