class Value:
    def __init__(self, data, parents=(), slopes=()):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.slopes = slopes

    def __add__(self, other):
        return Value(self.data + other.data, [self, other], [1, 1])

    def __mul__(self, other):
        return Value(self.data * other.data, [self, other], [other.data, self.data])

    def backward(self):
        self.grad = 1.0
        self.pass_on(1.0)

    def pass_on(self, share):
        for parent, slope in zip(self.parents, self.slopes):
            parent.grad += share * slope
            parent.pass_on(share * slope)
