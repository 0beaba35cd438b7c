"""Slices of a scanner (DICOM) become a stack in order of their position."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import numpy as np
import psutil
import torch

from torchbook.data.images.decode import Reader
from torchbook.data.phrasing import counted, some
from torchbook.data.volumes.voxels import Volume
from torchbook.errors import TorchbookError

# A compressed header could unpack to any size; no scanner writes one.
_DEFLATED = "1.2.840.10008.1.2.1.99"


@dataclass(frozen=True)
class Slice:
    """One DICOM file by its name; `place` is its place along the normal of the slices in millimetres, or its number."""

    name: str
    series: tuple[Any, ...]
    place: float
    number: int
    positioned: bool


def is_dicom(name: str, start: bytes) -> bool:
    """Tells whether a file of that name, which begins with `start` (132 bytes or more), is meant to be DICOM."""
    return start[128:132] == b"DICM" or PurePosixPath(name.lower()).suffix in (".dcm", ".dicom", ".ima")


def find_series(read: Reader, names: Sequence[str]) -> tuple[list[list[Slice]], dict[str, list[str]]]:
    """The slices of each series, the largest series first, and the names of files that are none, by the reason.

    Files belong together that carry the number of the same series and have the same size and orientation.
    """
    pydicom = _pydicom()
    series: dict[tuple[Any, ...], list[Slice]] = {}
    left_out: dict[str, list[str]] = {}
    for name in names:
        try:
            with read(name) as file, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                start = file.read(132)
                if not is_dicom(name, start):
                    left_out.setdefault("no image", []).append(name)
                    continue
                file.seek(0)
                header = _slice(name, pydicom, file)
        except Exception:
            # pydicom fails in as many ways as a file can be damaged.
            left_out.setdefault("damaged", []).append(name)
            continue
        if header is None:
            left_out.setdefault("unreadable", []).append(name)
        else:
            series.setdefault(header.series, []).append(header)
    return sorted(series.values(), key=lambda slices: (-len(slices), str(slices[0].series))), left_out


def stack(read: Reader, slices: Sequence[Slice]) -> Volume:
    """The slices of one series in their order, in Hounsfield units where the scanner says how.

    Raises:
        TorchbookError: no slice can be read, or they do not fit into the memory.
    """
    pydicom = _pydicom()
    planes: list[tuple[Slice, np.ndarray]] = []
    left_out: dict[str, list[str]] = {}
    reason = ""
    _, rows, columns, *_ = slices[0].series
    if 8 * len(slices) * rows * columns > psutil.virtual_memory().available:
        size = f"{counted(len(slices), 'slice')} of {rows} x {columns} pixels"
        raise TorchbookError(f"{slices[0].name}: {size} do not fit into the memory")
    for each in sorted(slices, key=lambda item: (item.place, item.number, item.name)):
        if planes and each.positioned and abs(each.place - planes[-1][0].place) < 1e-3:
            left_out.setdefault("second at its place", []).append(each.name)
            continue
        try:
            with read(each.name) as file, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                header = pydicom.dcmread(file, force=True)
                plane = header.pixel_array.astype(np.float32)
            slope, intercept = float(header.get("RescaleSlope", 1)), float(header.get("RescaleIntercept", 0))
            if not math.isfinite(slope) or not math.isfinite(intercept):
                raise ValueError(f"the rescaling {slope} and {intercept} is not finite")
            planes.append((each, plane * np.float32(slope) + np.float32(intercept)))
            last = header
        except Exception as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            # No decoder for this compression, or a damaged file.
            kind = "unreadable" if isinstance(error, RuntimeError) else "damaged"
            left_out.setdefault(kind, []).append(each.name)
    if not planes:
        raise TorchbookError(f"{slices[0].name}: none of {counted(len(slices), 'slice')} can be read ({reason})")
    hounsfield = last.get("Modality") == "CT" or last.get("RescaleType") == "HU"
    between, notes = _between([each for each, _ in planes], float(last.get("SliceThickness") or 0))
    within = [float(each) for each in last.get("PixelSpacing") or []]
    if not hounsfield:
        notes.append("The values are those the scanner stored: the files give no Hounsfield units.")
    return Volume(
        values=torch.from_numpy(np.stack([plane for _, plane in planes]))[None],
        spacing=(between, within[0], within[1]) if between and len(within) == 2 else None,
        unit="Hounsfield units" if hounsfield else "stored values",
        notes=tuple(notes),
        left_out=left_out,
        patient=str(last.get("PatientID") or "").strip(),
    )


def _pydicom() -> Any:
    try:
        import pydicom
    except ImportError:
        raise TorchbookError("reading DICOM needs the package pydicom; install it with: pip install pydicom") from None
    return pydicom


def _slice(name: str, pydicom: Any, file: Any) -> Slice | None:
    """Returns what a header says, or None where it is not of one grey plane."""
    about = pydicom.filereader.read_partial(file, stop_when=lambda tag, *_: tag.group > 2, force=True).file_meta
    if about.get("TransferSyntaxUID") == _DEFLATED:
        return None
    file.seek(0)
    header = pydicom.dcmread(file, stop_before_pixels=True, force=True)
    if header.get("SamplesPerPixel", 1) != 1 or int(header.get("NumberOfFrames") or 1) != 1:
        return None
    orientation = [round(float(each), 3) for each in header.get("ImageOrientationPatient") or []]
    position = [float(each) for each in header.get("ImagePositionPatient") or []]
    series = (str(header.get("SeriesInstanceUID", "")), int(header.Rows), int(header.Columns), *orientation)
    number = int(header.get("InstanceNumber") or 0)
    positioned = len(orientation) == 6 and len(position) == 3
    if positioned:
        place = float(np.dot(np.cross(orientation[:3], orientation[3:]), position))
    elif header.get("SliceLocation") is not None:
        positioned, place = True, float(header.SliceLocation)
    else:
        place = float(number)
    if not math.isfinite(place):
        positioned, place = False, float(number)
    return Slice(name, series, place, number, positioned)


def _between(slices: list[Slice], thickness: float) -> tuple[float, list[str]]:
    """The distance between neighbouring slices in millimetres, and what is odd about it."""
    if not all(each.positioned for each in slices):
        return thickness, ["The files give no positions: the slices are in the order of their numbers."]
    steps = np.diff([each.place for each in slices])
    if not len(steps):
        return thickness, ["There is one slice only."]
    step = float(steps.min())
    gaps = np.rint(steps / step).astype(int) - 1
    if (np.abs(steps / step - gaps - 1) > 0.1).any():
        return float(np.median(steps)), [f"The slices are unevenly spaced, {step:.3g} to {steps.max():.3g} mm apart."]
    places = [f"{slices[i].place:g} and {slices[i + 1].place:g} mm" for i in np.flatnonzero(gaps)]
    if not places:
        return step, []
    missing = f"{counted(int(gaps.sum()), 'slice')} of {len(slices) + int(gaps.sum())}"
    return step, [f"Missing at {step:g} mm between slices: {missing}, between {some(places)}."]
