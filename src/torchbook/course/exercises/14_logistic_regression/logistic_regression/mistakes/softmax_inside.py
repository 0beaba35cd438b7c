"""Your model ends with softmax. `F.cross_entropy` applies it itself, so it would be applied twice and learning would
be slow: return the raw scores."""

import torch
from torch import nn


class LogisticRegression(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        self.linear = nn.Linear(inputs, classes)

    def forward(self, images):
        return torch.softmax(self.linear(images.flatten(start_dim=1)), dim=1)

    def predict(self, images):
        return self(images).argmax(dim=1)
