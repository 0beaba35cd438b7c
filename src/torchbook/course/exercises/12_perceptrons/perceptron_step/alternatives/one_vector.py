import torch


def perceptron_step(x, label, weights, bias, rate):
    whole, point = torch.cat([weights, bias.view(1)]), torch.cat([x, torch.ones_like(x[:1])])
    says = torch.dot(whole, point).ge(0).to(x.dtype)
    whole = whole.add(point * (label - says), alpha=rate)
    return whole[:-1], whole[-1]
