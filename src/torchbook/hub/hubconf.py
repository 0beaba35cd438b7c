"""What `torch.hub.load` looks for in this folder."""

from torchbook.hub import dependencies, digits, drawn, efficientnet_lite0, faces

__all__ = ["dependencies", "digits", "drawn", "efficientnet_lite0", "faces"]
