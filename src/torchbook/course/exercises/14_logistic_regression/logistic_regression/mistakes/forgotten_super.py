"""A layer was stored before the module was ready for it. Begin the constructor with `super().__init__()`."""

from torch import nn


class LogisticRegression(nn.Module):
    def __init__(self, inputs, classes):
        self.linear = nn.Linear(inputs, classes)

    def forward(self, images):
        return self.linear(images.flatten(start_dim=1))

    def predict(self, images):
        return self(images).argmax(dim=1)
