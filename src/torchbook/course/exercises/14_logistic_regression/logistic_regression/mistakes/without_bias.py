"""Your layer has no bias. A weighted sum of a black picture is 0 for each class; the bias says how likely the class
is anyway."""

from torch import nn


class LogisticRegression(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        self.linear = nn.Linear(inputs, classes, bias=False)

    def forward(self, images):
        return self.linear(images.flatten(start_dim=1))

    def predict(self, images):
        return self(images).argmax(dim=1)
