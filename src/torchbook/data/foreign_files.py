"""Files of common programs that torchbook does not read, and the way from each to one that it does."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from torchbook.data.phrasing import some
from torchbook.data.tables.table_file import ENDINGS, OF_PANDAS, ending

_HEIC = "HEIC, the photographs of an iPhone: save them as JPEG (in Preview or Photos, or with heif-convert)"
_NIFTI = "NIfTI volumes: numpy.save('x.npy', nibabel.load(file).get_fdata()[None]) makes an array of one"
_HDF5 = "HDF5: numpy.savez('data.npz', x=h5py.File(file)['x'], y=h5py.File(file)['y']) makes arrays of it"
_PICKLE = "a pickle, which can run code when it is opened: numpy.savez('data.npz', x=x, y=y) saves the arrays in it"
_TENSORS = (
    "a file of torch.save, which can run code when it is opened: "
    "safetensors.torch.save_file({'x': x, 'y': y}, 'data.safetensors') saves the tensors in it"
)
_TAR = "an archive: unpack it (tar -xf), and give the folder"
_WAYS = {
    ".heic": _HEIC,
    ".heif": _HEIC,
    ".avif": "AVIF with the Pillow that is installed: pip install -U pillow",
    ".nii": _NIFTI,
    ".h5": _HDF5,
    ".hdf5": _HDF5,
    ".mat": "MATLAB: numpy.savez('data.npz', x=m['x'], y=m['y']) after m = scipy.io.loadmat(file)",
    ".pt": _TENSORS,
    ".pth": _TENSORS,
    ".pkl": _PICKLE,
    ".pickle": _PICKLE,
    ".tar": _TAR,
    ".tgz": _TAR,
    ".7z": "an archive: unpack it, and give the folder",
    ".rar": "an archive: unpack it, and give the folder",
    ".json": "JSON: pandas.read_json(file).to_csv('data.csv', index=False) makes a table of a list of records",
    ".feather": "Feather: pandas.read_feather(file).to_csv('data.csv', index=False) makes a table of it",
    ".sav": "SPSS: pandas.read_spss(file).to_csv('data.csv', index=False) makes a table of it",
    ".dta": "Stata: pandas.read_stata(file).to_csv('data.csv', index=False) makes a table of it",
    ".rds": "R: write.csv(readRDS(file), 'data.csv', row.names=FALSE) makes a table of it",
    ".arff": "Weka: pandas.DataFrame(scipy.io.arff.loadarff(file)[0]).to_csv('data.csv', index=False) makes a table",
    ".mp4": "a video: take pictures from it (ffmpeg -i file -vf fps=1 picture%04d.jpg)",
    ".wav": "sound: save its spectrograms as pictures or arrays",
    ".mp3": "sound: save its spectrograms as pictures or arrays",
    ".cr2": "raw photographs: export them as JPEG",
    ".nef": "raw photographs: export them as JPEG",
    ".dng": "raw photographs: export them as JPEG",
}


def way(name: str) -> str:
    """What a file is by the ending of its name, and how to get to one that is read; "" where that is not known."""
    path = PurePosixPath(name.lower())
    return _WAYS.get(path.suffix) or _WAYS.get(PurePosixPath(path.stem).suffix, "") if path.suffixes else ""


def instead(path: Path, names: Sequence[str]) -> str:
    """What a folder or zip without a usable picture holds, and what to do with it; "" where nothing is known of it."""
    for what, endings in (("tables", (*ENDINGS, *OF_PANDAS)), ("arrays", (".npy", ".npz", ".safetensors"))):
        chosen = sorted((name for name in names if ending(name) in endings), key=_least_likely)
        if chosen and 2 * len(chosen) >= len(names):
            where = path / chosen[0] if path.is_dir() else f"{chosen[0]}, unpacked"
            return f"it holds {what} ({some(chosen)}); give one of them: {where}"
    known = way_of_most(names)
    return f"torchbook does not read {known}" if known else ""


def _least_likely(name: str) -> tuple[bool, bool, str]:
    """Sorts what is to be learnt from before what is to be answered."""
    stem = PurePosixPath(name.lower()).stem
    return not stem.startswith(("train", "x")), "submission" in stem or "test" in stem, name


def way_of_most(names: Iterable[str]) -> str:
    """The way of the kind that most of these files are of, "" where fewer than half of them are of a known one."""
    names = list(names)
    ways = Counter(filter(None, map(way, names)))
    told, count = next(iter(ways.most_common(1)), ("", 0))
    return told if 2 * count >= len(names) else ""
