from torch import nn


class MultilayerPerceptron(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        first, second, *rest = sizes
        self.first = nn.Linear(first, second)
        self.rest = MultilayerPerceptron([second, *rest]) if rest else None

    def forward(self, x):
        x = self.first(x)
        return x if self.rest is None else self.rest(x.clamp(min=0))
