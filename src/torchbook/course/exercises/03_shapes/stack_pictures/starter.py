def stack_pictures(pictures):
    """One tensor [batch, 1, height, width] of a list of grey pictures [height, width]."""
    raise NotImplementedError


def unstack_pictures(batch):
    """The list of grey pictures [height, width] in a batch [batch, 1, height, width]."""
    raise NotImplementedError
