"""Your model ends with a sigmoid. There is no activation after the last layer: return the raw scores, the loss does
the rest."""

import torch
from torch import nn


class LogisticRegression(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        self.linear = nn.Linear(inputs, classes)

    def forward(self, images):
        return torch.sigmoid(self.linear(images.flatten(start_dim=1)))

    def predict(self, images):
        return self(images).argmax(dim=1)
