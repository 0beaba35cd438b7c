"""Kinds of files by their first bytes, in words that stand behind *is*."""

_UTF_16 = "a text in UTF-16 (as PowerShell and old editors write it)"
# In small letters.
_KINDS = (
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"version https://git-lfs", "a pointer of Git LFS, not the file itself"),
    (b"\x93numpy", "an array of NumPy"),
    (b"\x89hdf", "a file of HDF5, as Keras writes it"),
    (b"\x89png", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"\x1f\x8b", "a packed file (gzip)"),
    (b"pk\x03\x04", "a packed file (zip, a workbook of Excel, weights of torch)"),
    (b"%pdf", "a PDF"),
    (b"\xff\xfe", _UTF_16),
    (b"\xfe\xff", _UTF_16),
    (b"\x80", "a pickle, which is no text"),
)


def kind_of(start: bytes) -> str:
    """Returns what begins with these bytes, "" if that is not known."""
    return next((kind for magic, kind in _KINDS if start.lower().startswith(magic)), "")
