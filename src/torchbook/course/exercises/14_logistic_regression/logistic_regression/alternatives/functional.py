import torch
import torch.nn.functional as F
from torch import nn


class LogisticRegression(nn.Module):
    def __init__(self, inputs, classes):
        nn.Module.__init__(self)
        self.inputs = inputs
        self.linear = nn.Linear(in_features=inputs, out_features=classes)

    def forward(self, images):
        rows = images.reshape(-1, self.inputs)
        return F.linear(rows, self.linear.weight, self.linear.bias)

    def predict(self, images):
        with torch.no_grad():
            _, classes = torch.max(self.forward(images), dim=1)
        return classes
