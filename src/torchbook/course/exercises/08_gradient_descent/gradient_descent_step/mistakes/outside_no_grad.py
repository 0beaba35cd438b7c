"""The update ran while autograd was watching. It is no part of the model: put it into `with torch.no_grad():`."""


def gradient_descent_step(parameters, loss, learning_rate):
    loss.backward()
    for parameter in parameters:
        parameter -= learning_rate * parameter.grad
        parameter.grad = None
    return loss.item()
