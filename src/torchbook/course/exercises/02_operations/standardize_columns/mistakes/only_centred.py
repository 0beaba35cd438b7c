"""The means are 0 now. The second half is missing: divide by the standard deviation of each column."""


def standardize_columns(table):
    return table - table.mean(dim=0)
