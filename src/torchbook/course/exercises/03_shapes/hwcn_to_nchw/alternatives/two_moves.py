def hwcn_to_nchw(pictures):
    return pictures.movedim(-1, 0).movedim(-1, 1).contiguous()
