"""All gradients are 0: the walk begins with the gradient of the result with respect to itself, `self.grad = 1.0`."""


class Value:
    def __init__(self, data, parents=(), slopes=()):
        self.data, self.grad, self.parents, self.slopes = data, 0.0, parents, slopes

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def backward(self):
        order = []

        def visit(value):
            if value not in order:
                for parent in value.parents:
                    visit(parent)
                order.append(value)

        visit(self)
        for value in reversed(order):
            for parent, slope in zip(value.parents, value.slopes):
                parent.grad += slope * value.grad
