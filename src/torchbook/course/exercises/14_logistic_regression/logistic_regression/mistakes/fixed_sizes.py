"""The sizes 784 and 10 stand in your class, so it fits handwritten digits and nothing else. The constructor is given
them: `nn.Linear(inputs, classes)`."""

from torch import nn


class LogisticRegression(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        self.linear = nn.Linear(784, 10)

    def forward(self, images):
        return self.linear(images.flatten(start_dim=1))

    def predict(self, images):
        return self(images).argmax(dim=1)
