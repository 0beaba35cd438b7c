class Value:
    made = 0

    def __init__(self, data, parents=(), slopes=()):
        self.data, self.grad = data, 0.0
        self.parents, self.slopes = parents, slopes
        Value.made += 1
        self.number = Value.made

    def __add__(self, other):
        return Value(self.data + other.data, (self, other), (1.0, 1.0))

    def __mul__(self, other):
        return Value(self.data * other.data, (self, other), (other.data, self.data))

    def backward(self):
        self.grad = 1.0
        waiting = {self}
        while waiting:
            latest = max(waiting, key=lambda value: value.number)
            waiting.remove(latest)
            for parent, slope in zip(latest.parents, latest.slopes):
                parent.grad = parent.grad + latest.grad * slope
                waiting.add(parent)
