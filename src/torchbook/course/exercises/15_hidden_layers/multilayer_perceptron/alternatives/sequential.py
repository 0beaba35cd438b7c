from torch import nn


class MultilayerPerceptron(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        parts = []
        for i in range(len(sizes) - 1):
            if i > 0:
                parts.append(nn.ReLU())
            parts.append(nn.Linear(sizes[i], sizes[i + 1]))
        self.chain = nn.Sequential(*parts)

    def forward(self, x):
        return self.chain(x)
