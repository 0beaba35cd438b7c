"""Slices of a scanner (DICOM) become a stack in order of their position."""

import math
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import psutil
import torch

from torchbook.data.images.decode import Reader, Unusable, is_dicom, is_inverted, read_dicom, stated
from torchbook.data.phrasing import counted, some
from torchbook.data.volumes.voxels import Volume
from torchbook.errors import TorchbookError


@dataclass(frozen=True)
class Slice:
    """One DICOM file by its name; `place` is its place along the normal of the slices in millimetres, or its number.
    `scout` says that it is a localizer, which shows where the slices of a series lie."""

    name: str
    series: tuple[Any, ...]
    place: float
    number: int
    positioned: bool
    scout: bool = False


def find_series(read: Reader, names: Sequence[str]) -> tuple[list[list[Slice]], dict[str, list[str]]]:
    """The slices of each series, the largest series first, and the names of files that are none, by the reason.

    Files belong together that carry the number of the same series and have the same size and orientation.
    """
    _check_pydicom()
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
                header = _slice(name, file)
        except Unusable as error:
            left_out.setdefault(error.kind, []).append(name)
            continue
        except Exception:
            # pydicom fails in as many ways as a file can be damaged.
            left_out.setdefault("damaged", []).append(name)
            continue
        if header is None:
            left_out.setdefault("unreadable", []).append(name)
        else:
            # The cosines of one series differ in their last digits.
            near = (key for key in series if key[:3] == header.series[:3] and _alike(key[3:], header.series[3:]))
            series.setdefault(next(near, header.series), []).append(header)
    return sorted(series.values(), key=lambda slices: (-len(slices), str(slices[0].series))), left_out


def _alike(cosines: Sequence[float], others: Sequence[float]) -> bool:
    return len(cosines) == len(others) and all(abs(a - b) < 0.005 for a, b in zip(cosines, others))


def localizers(series: Sequence[Sequence[Slice]]) -> list[str]:
    """The names of files of a folder, its largest series first, that make no volume of their own: those that say that
    they are localizers, and one or two slices beside a series of more than twice as many."""
    most = len(series[0]) if series else 0
    return [
        each.name
        for slices in series[1:]
        for each in slices
        if all(item.scout for item in slices) or len(slices) <= 2 < most / len(slices)
    ]


def stack(read: Reader, slices: Sequence[Slice]) -> Volume:
    """The slices of one series in their order, in Hounsfield units where the scanner says how.

    Raises:
        TorchbookError: no slice can be read, or they do not fit into the memory.
    """
    with warnings.catch_warnings():
        # pydicom warns of every odd field, whenever it is looked at.
        warnings.simplefilter("ignore")
        return _stacked(read, slices)


def _stacked(read: Reader, slices: Sequence[Slice]) -> Volume:
    planes: list[tuple[Slice, np.ndarray]] = []
    headers: list[Any] = []
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
            with read(each.name) as file:
                header = read_dicom(file)
                plane = header.pixel_array.astype(np.float32)
                if is_inverted(header):
                    plane = _highest(header) - plane
            slope, intercept = float(header.get("RescaleSlope", 1)), float(header.get("RescaleIntercept", 0))
            if not math.isfinite(slope) or not math.isfinite(intercept):
                raise ValueError(f"the rescaling {slope} and {intercept} is not finite")
            if plane.shape != (rows, columns):
                raise ValueError(f"the pixels are of shape {list(plane.shape)}, the header says {rows} x {columns}")
            planes.append((each, plane * np.float32(slope) + np.float32(intercept)))
            headers.append(header)
        except Exception as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            # No decoder for this compression, or a damaged file.
            kind = "unreadable" if isinstance(error, RuntimeError) else "damaged"
            left_out.setdefault(kind, []).append(each.name)
    if not planes:
        raise TorchbookError(f"{slices[0].name}: none of {counted(len(slices), 'slice')} can be read ({reason})")
    # One odd header must not speak for all.
    hounsfield = _usual([header.get("Modality") == "CT" or header.get("RescaleType") == "HU" for header in headers])
    thickness = _usual([tuple(stated(header, "SliceThickness")) for header in headers])
    within = _usual([tuple(stated(header, "PixelSpacing")) for header in headers])
    between, notes = _between([each for each, _ in planes], thickness[0] if thickness else 0.0)
    if any(map(is_inverted, headers)):
        notes.append("Stored with white for the lowest value (MONOCHROME1): turned round, so that bright is dense.")
    if not hounsfield:
        notes.append("The values are those the scanner stored: the files give no Hounsfield units.")
    return Volume(
        values=torch.from_numpy(np.stack([plane for _, plane in planes]))[None],
        spacing=(between, within[0], within[1]) if between and len(within) == 2 else None,
        unit="Hounsfield units" if hounsfield else "stored values",
        notes=tuple(notes),
        left_out=left_out,
        patient=_usual([str(header.get("PatientID") or "").strip() for header in headers]),
    )


def _usual(values: Sequence[Any]) -> Any:
    """The most frequent value, not an empty one if there are others."""
    counts = Counter(value for value in values if value not in ((), "")) or Counter(values)
    return counts.most_common(1)[0][0]


def _highest(header: Any) -> int:
    """The sum of the lowest and the highest value that can be stored."""
    return -1 if header.get("PixelRepresentation") == 1 else 2 ** int(header.BitsStored) - 1


def _check_pydicom() -> None:
    if find_spec("pydicom") is None:
        raise TorchbookError("reading DICOM needs the package pydicom; install it with: pip install pydicom")


def _slice(name: str, file: Any) -> Slice | None:
    """Returns what a header says, or None where it is not of one grey plane."""
    header = read_dicom(file, pixels=False)
    if header.get("SamplesPerPixel", 1) != 1 or int(header.get("NumberOfFrames") or 1) != 1:
        return None
    orientation, position = stated(header, "ImageOrientationPatient"), stated(header, "ImagePositionPatient")
    series = (str(header.get("SeriesInstanceUID", "")), int(header.Rows), int(header.Columns), *orientation)
    number = int((stated(header, "InstanceNumber") or [0])[0])
    positioned = len(orientation) == 6 and len(position) == 3
    if positioned:
        place = float(np.dot(np.cross(orientation[:3], orientation[3:]), position))
    elif location := stated(header, "SliceLocation"):
        positioned, place = True, location[0]
    else:
        place = float(number)
    if not math.isfinite(place):
        positioned, place = False, float(number)
    kinds = {str(word).upper() for word in header.get("ImageType") or []}
    return Slice(name, series, place, number, positioned, bool(kinds & {"LOCALIZER", "SCOUT"}))


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
