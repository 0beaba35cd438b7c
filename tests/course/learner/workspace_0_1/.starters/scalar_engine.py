class Value:
    """A number that remembers what it was made of."""

    def __init__(self, data, parents=(), slopes=()):
        self.data = data
        self.grad = 0.0
        self.parents = parents  # the Values that this one was made of
        self.slopes = slopes  # how it changes with each of them: one float a parent

    def __add__(self, other):
        raise NotImplementedError

    def __mul__(self, other):
        raise NotImplementedError

    def backward(self):
        raise NotImplementedError
