import torch


def perceptron(inputs, labels, rate):
    rows = torch.cat([inputs, torch.ones(len(inputs), 1)], dim=1)
    state, history = torch.zeros(rows.shape[1]), []
    while not any(torch.equal(state, old) for old in history):
        history.append(state)
        for row, label in zip(rows, labels):
            state = state + rate * (int(label) - int(row @ state >= 0)) * row
        if all(int(row @ state >= 0) == label for row, label in zip(rows, labels)):
            return state[:-1], state[-1]
    raise ValueError("not separable")
