import math

import torch


class Adam:
    def __init__(self, parameters, learning_rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        self.parameters, self.rate, self.betas, self.eps, self.decay = (
            parameters,
            learning_rate,
            betas,
            eps,
            weight_decay,
        )
        self.state = {}

    def step(self):
        for p in self.parameters:
            if p.grad is None:
                continue
            t, m, v = self.state.get(id(p), (0, 0.0, 0.0))
            t, m = t + 1, self.betas[0] * m + (1 - self.betas[0]) * p.grad
            v = self.betas[1] * v + (1 - self.betas[1]) * p.grad.square()
            self.state[id(p)] = (t, m, v)
            root = v.sqrt() / math.sqrt(1 - self.betas[1] ** t) + self.eps
            with torch.no_grad():
                p.mul_(1 - self.rate * self.decay)
                p.addcdiv_(m, root, value=-self.rate / (1 - self.betas[0] ** t))
