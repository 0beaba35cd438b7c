"""What `torch.hub.load` looks for in this folder."""

from torchbook.hub import dependencies, digits, efficientnet_lite0

__all__ = ["dependencies", "digits", "efficientnet_lite0"]
