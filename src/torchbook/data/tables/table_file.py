"""The text of a table in whatever file it comes: plain, packed (`.gz`, or a zip of one table), or written by pandas."""

import gzip
import zipfile
import zlib
from importlib import import_module
from pathlib import Path, PurePosixPath

from torchbook.errors import TorchbookError

ENDINGS = (".csv", ".tsv", ".tab", ".txt", ".data")
# What lies beside a table and explains it.
_EXPLAINING = (".txt", ".md", ".names", ".pdf", ".rst", "")
# Files that pandas reads, by the function and what it needs besides.
OF_PANDAS = {
    ".xlsx": ("read_excel", "openpyxl"),
    ".xls": ("read_excel", "xlrd"),
    ".parquet": ("read_parquet", "pyarrow"),
    ".jsonl": ("read_json", ""),
}
# What is unpacked is not larger than this: a table is read into memory as text.
_LARGEST = 2 << 30


def ending(name: str) -> str:
    """The ending that says what a file holds, in lower case: `.csv` of `rows.CSV` and of `rows.csv.gz`."""
    path = PurePosixPath(name.lower())
    return PurePosixPath(path.stem).suffix if path.suffix == ".gz" else path.suffix


def packed_table(archive: Path) -> str | None:
    """The name of the one table in a zip that holds nothing else, besides what explains it; otherwise None."""
    try:
        with zipfile.ZipFile(archive) as opened:
            names = [entry.filename for entry in opened.infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError, OSError):
        return None
    names = [name for name in names if not _is_hidden(name)]
    tables = [name for name in names if ending(name) in ENDINGS]
    if len(tables) > 1:
        tables = [name for name in tables if ending(name) not in _EXPLAINING]
    others = (ending(name) in _EXPLAINING for name in names if name not in tables)
    return tables[0] if len(tables) == 1 and all(others) else None


def content(path: Path) -> bytes:
    """The bytes of the table in a file, as CSV or its relatives.

    Raises:
        TorchbookError: the file is damaged or too large when it is unpacked, or pandas is not installed, which reads
            it.
    """
    suffix = path.suffix.lower()
    try:
        if suffix == ".gz":
            with gzip.open(path) as file:
                return _limited(file.read(_LARGEST + 1), path)
        if suffix == ".zip":
            with zipfile.ZipFile(path) as archive, archive.open(packed_table(path) or "") as file:
                return _limited(file.read(_LARGEST + 1), path)
    except (OSError, EOFError, KeyError, zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        raise TorchbookError(f"{path.name} cannot be unpacked ({error}); save it again") from None
    return _by_pandas(path) if suffix in OF_PANDAS else path.read_bytes()


def _by_pandas(path: Path) -> bytes:
    read, besides = OF_PANDAS[path.suffix.lower()]
    packages = " ".join(filter(None, ("pandas", besides)))
    try:
        pandas = import_module("pandas")
        options = {"header": None, "dtype": str} if read == "read_excel" else {"lines": True} if besides == "" else {}
        table = getattr(pandas, read)(path, **options)
    except ImportError:
        raise TorchbookError(
            f"{path.name} is read by pandas, which is not installed: pip install {packages}; or save it as CSV"
        ) from None
    except Exception as error:
        # Each of the formats has ways of its own to be damaged.
        reason = " ".join(str(error).split())[:120]
        raise TorchbookError(f"{path.name} cannot be read ({reason}); save it as CSV") from None
    header = read != "read_excel"
    return table.to_csv(index=False, header=header).encode()


def _limited(raw: bytes, path: Path) -> bytes:
    if len(raw) > _LARGEST:
        raise TorchbookError(f"{path.name} holds more than {_LARGEST:,} bytes when it is unpacked; take fewer rows")
    return raw


def _is_hidden(name: str) -> bool:
    return name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith(".")
