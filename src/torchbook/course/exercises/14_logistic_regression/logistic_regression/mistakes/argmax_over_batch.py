"""You asked which picture has the largest score for each class. Each row is one picture, so look along the classes:
`argmax(dim=1)`."""

from torch import nn


class LogisticRegression(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        self.linear = nn.Linear(inputs, classes)

    def forward(self, images):
        return self.linear(images.flatten(start_dim=1))

    def predict(self, images):
        return self(images).argmax(dim=0)
