import torch


class Adam:
    def __init__(self, parameters, learning_rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        self.parameters = list(parameters)
        self.learning_rate = learning_rate
        self.beta1, self.beta2 = betas
        self.eps = eps
        self.weight_decay = weight_decay
        self.m, self.v, self.t = {}, {}, 0

    def step(self):
        self.t = self.t + 1
        for i in range(len(self.parameters)):
            p = self.parameters[i]
            if p.grad is not None:
                g = p.grad.detach()
                self.m[i] = torch.lerp(self.m.get(i, torch.zeros_like(g)), g, 1 - self.beta1)
                self.v[i] = torch.lerp(self.v.get(i, torch.zeros_like(g)), g * g, 1 - self.beta2)
                m_hat = self.m[i] / (1 - self.beta1**self.t)
                v_hat = self.v[i] / (1 - self.beta2**self.t)
                shrunk = p.data - self.learning_rate * self.weight_decay * p.data
                p.data = shrunk - self.learning_rate * m_hat / (torch.sqrt(v_hat) + self.eps)
