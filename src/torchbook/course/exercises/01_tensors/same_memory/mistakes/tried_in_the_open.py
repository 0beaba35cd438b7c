def same_memory(a, b):
    """True if two tensors use the same storage, else False."""
    before = b.detach().clone()
    a.detach().add_(1)
    return not bool((b.detach() == before).all())
