"""The lessons, one marimo file each: `NN_name.py`."""
