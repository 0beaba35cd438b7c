def same_memory(a, b):
    """True if two tensors use the same storage, else False."""
    addresses = {tensor.untyped_storage().data_ptr() for tensor in (a, b)}
    return len(addresses) == 1
