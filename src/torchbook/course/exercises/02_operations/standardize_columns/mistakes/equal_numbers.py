"""A column of equal numbers has deviation 0, and 0 / 0 is nan. Put 1 in the place of a deviation of 0 before
dividing."""


def standardize_columns(table):
    return (table - table.mean(dim=0)) / table.std(dim=0, correction=0)
