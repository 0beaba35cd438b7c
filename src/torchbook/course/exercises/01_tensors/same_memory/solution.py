def same_memory(a, b):
    """True if two tensors use the same storage, else False."""
    return a.untyped_storage().data_ptr() == b.untyped_storage().data_ptr()
