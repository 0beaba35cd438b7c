class Adam:
    """Adam with a weight decay that is kept apart from the gradients (AdamW)."""

    def __init__(self, parameters, learning_rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
        raise NotImplementedError

    def step(self):
        """Moves each parameter in place, by its `.grad`."""
        raise NotImplementedError
