"""The pretrained networks for `torch.hub.load(FOLDER, NAME, source="local")`, where FOLDER holds this file."""

import sys
from pathlib import Path

# A checkout need not be installed, though what torchbook needs must be.
sys.path.insert(0, str(Path(__file__).parent / "src"))

from torchbook.hub import dependencies, digits, drawn, efficientnet_lite0, faces

__all__ = ["dependencies", "digits", "drawn", "efficientnet_lite0", "faces"]
