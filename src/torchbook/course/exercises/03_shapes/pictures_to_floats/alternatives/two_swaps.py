def pictures_to_floats(pictures):
    return pictures.float().transpose(2, 3).transpose(1, 2).div(255).contiguous()
