class Value:
    def __init__(self, data, parents=(), slopes=()):
        self.data, self.grad, self.parents, self.slopes = data, 0.0, parents, slopes

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def backward(self):
        self.grad = 1.0
        seen = set()

        def walk(value):
            if value in seen:
                return
            seen.add(value)
            for parent, slope in zip(value.parents, value.slopes):
                parent.grad += slope * value.grad
            for parent in value.parents:
                walk(parent)

        walk(self)
