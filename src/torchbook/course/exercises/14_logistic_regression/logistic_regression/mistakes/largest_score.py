"""You returned the largest *score*. The class is its place: `argmax`, or the second thing that `torch.max(scores,
dim=1)` returns."""

from torch import nn


class LogisticRegression(nn.Module):
    def __init__(self, inputs, classes):
        super().__init__()
        self.linear = nn.Linear(inputs, classes)

    def forward(self, images):
        return self.linear(images.flatten(start_dim=1))

    def predict(self, images):
        return self(images).amax(dim=1)
