import torch


class Adam:
    """Adam with a weight decay that is kept apart from the gradients (AdamW)."""

    def __init__(self, parameters, learning_rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        self.parameters = list(parameters)
        self.learning_rate, self.betas, self.eps = learning_rate, betas, eps
        self.weight_decay = weight_decay
        self.means = [torch.zeros_like(parameter) for parameter in self.parameters]
        self.squares = [torch.zeros_like(parameter) for parameter in self.parameters]
        self.t = 0

    @torch.no_grad()
    def step(self):
        """Moves each parameter in place, by its `.grad`."""
        self.t += 1
        beta1, beta2 = self.betas
        for parameter, mean, square in zip(self.parameters, self.means, self.squares):
            if parameter.grad is None:
                continue
            gradient = parameter.grad
            mean.copy_(beta1 * mean + (1 - beta1) * gradient)
            square.copy_(beta2 * square + (1 - beta2) * gradient**2)
            m = mean / (1 - beta1**self.t)
            v = square / (1 - beta2**self.t)
            parameter -= self.learning_rate * self.weight_decay * parameter
            parameter -= self.learning_rate * m / (v.sqrt() + self.eps)
