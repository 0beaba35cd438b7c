"""Data sets that are drawn by seed on this machine: nothing to download, as many pictures as asked for.

The drawing is plain numpy; only `sets` knows torch, so the processes that draw start in a blink.
"""
