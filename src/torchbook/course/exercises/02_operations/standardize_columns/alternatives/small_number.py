def standardize_columns(table):
    mean, std = table.mean(0, keepdim=True), table.var(0, keepdim=True, unbiased=False) ** 0.5
    return (table - mean) / (std + 1e-8)
