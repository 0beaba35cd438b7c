def look_back(series, length):
    return series.unfold(0, length, 1)[:-1], series[length:].clone()
