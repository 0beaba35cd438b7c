"""DICOM as makers write it: negatives, X-rays, localizers and odd headers."""

import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

from torchbook.cli import main
from torchbook.data.images.decode import decode, look
from torchbook.data.load import load
from torchbook.data.source import Source
from torchbook.data.volumes.volume import load_volumes, read_volume

# What may be written into any field of a header.
ODD = (None, "", "abc", "nan", [1, 2], ["x", "y"], -1, 0, 1e30)
FIELDS = ("SliceThickness", "PixelSpacing", "InstanceNumber", "ImagePositionPatient", "ImageOrientationPatient")
FIELDS += ("RescaleSlope", "RescaleIntercept", "SliceLocation", "Modality", "ImageType", "SeriesInstanceUID", "Rows")
FIELDS += ("NumberOfFrames", "PatientID", "PhotometricInterpretation", "BitsStored", "WindowCenter", "WindowWidth")


def write(path, stored, *, series="1.2", bits=12, signed=False, position=None, **changes):
    """A DICOM file of MR with these stored values; `position` is its place in millimetres."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = DigitalXRayImageStorageForPresentation, "1.2.3"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    header = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    header.Modality, header.SeriesInstanceUID, header.PhotometricInterpretation = "MR", series, "MONOCHROME2"
    header.Rows, header.Columns, header.SamplesPerPixel = *stored.shape, 1
    header.BitsAllocated, header.BitsStored, header.HighBit = (16 if bits > 8 else 8), bits, bits - 1
    header.PixelRepresentation = int(signed)
    kind = ("i" if signed else "u") + ("2" if bits > 8 else "1")
    header.PixelData = np.ascontiguousarray(stored.astype(f"<{kind}")).tobytes()
    if position is not None:
        header.ImageOrientationPatient, header.PixelSpacing = [1, 0, 0, 0, 1, 0], [0.5, 0.75]
        header.ImagePositionPatient, header.SliceThickness = [0, 0, position], 2
    path.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what is odd on purpose
        for name, value in changes.items():
            if value is not None:
                setattr(header, name, value)
            elif name in header:
                delattr(header, name)
        header.save_as(path, enforce_file_format=True)
    return path


def planes(count=4, seed=0, most=4096):
    return np.random.default_rng(seed).integers(0, most, (count, 8, 6))


@pytest.mark.parametrize(("bits", "signed"), [(8, False), (12, False), (16, False), (12, True), (16, True)])
@pytest.mark.parametrize("window", [None, (900.0, 1500.0)])
def test_the_same_picture_stored_as_its_negative_is_the_same_picture(tmp_path, bits, signed, window):
    lowest, highest = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    values = np.random.default_rng(1).integers(lowest, highest + 1, (4, 8, 6))
    around = {} if window is None else {"WindowCenter": window[0], "WindowWidth": window[1]}
    negative = {} if window is None else {"WindowCenter": lowest + highest + 1 - window[0], "WindowWidth": window[1]}
    for number, plane in enumerate(values):
        stored = {"bits": bits, "signed": signed, "position": float(number)}
        write(tmp_path / "two" / f"{number}.dcm", plane, **stored, **around)
        other = {"PhotometricInterpretation": "MONOCHROME1"} | negative
        write(tmp_path / "one" / f"{number}.dcm", lowest + highest - plane, **stored, **other)
    one, two = read_volume(tmp_path / "one"), read_volume(tmp_path / "two")
    assert torch.equal(one.values, two.values)
    assert any("MONOCHROME1" in note for note in one.notes) and not any("MONOCHROME1" in note for note in two.notes)
    shown = [picture(tmp_path / folder / "0.dcm") for folder in ("one", "two")]
    assert np.abs(shown[0].astype(int) - shown[1]).max() <= 1  # a half may be rounded either way
    assert np.corrcoef(shown[1].ravel(), values[0].ravel())[0, 1] > 0.1


def picture(file):
    with file.open("rb") as opened:
        about = look(opened, name=file.name)
        opened.seek(0)
        return decode(opened, channels=1, height=about["height"], width=about["width"], name=file.name)


def test_hounsfield_units_mean_the_same_either_way(tmp_path):
    for number, plane in enumerate(planes()):
        for name in ("MONOCHROME1", "MONOCHROME2"):
            other = {"Modality": "CT", "PhotometricInterpretation": name, "RescaleIntercept": -1024}
            write(tmp_path / name / f"{number}.dcm", plane, position=float(number), **other)
    assert torch.equal(read_volume(tmp_path / "MONOCHROME1").values, read_volume(tmp_path / "MONOCHROME2").values)


def xrays(folder, *, count=12, same_patient=True):
    """Class folders of X-rays, the lit half of which is the class, half of them stored as negatives."""
    for number in range(2 * count):
        label, name = number % 2, ("healthy", "ill")[number % 2]
        values = planes(1, number, 500)[0]
        values[4 * label : 4 * label + 4] += 3000
        other = {"Modality": "CR", "SeriesInstanceUID": f"1.{number}"}
        other |= {} if same_patient else {"PatientID": f"patient {number // 4}"}
        if number // 2 % 2:
            values, other = 4095 - values, other | {"PhotometricInterpretation": "MONOCHROME1"}
        write(folder / name / f"{number}.dcm", values, **other)
    return folder


def test_class_folders_of_xrays_are_pictures_and_are_learnt(tmp_path, capsys):
    folder = xrays(tmp_path / "xrays", count=30)
    data = load(folder)
    assert data.card.kind == "images" and data.sample_shape == (1, 8, 6)
    assert any("60 DICOM files" in note and "MONOCHROME1" in note for note in data.card.notes)
    words = ["train", "cnn", "--data", str(folder), "--epochs", "12", "--name", "xr", "--image-size", "8"]
    assert main(words) == 0
    assert "accuracy 100.0 %" in capsys.readouterr().out
    # One alone is predicted the same whichever way round it is stored.
    for number, name in ((0, "healthy"), (1, "ill"), (2, "healthy"), (3, "ill")):
        assert main(["predict", "xr", str(folder / name / f"{number}.dcm")]) == 0
        assert f"{number}.dcm" in (printed := capsys.readouterr().out) and name in printed.splitlines()[1]


def test_the_pictures_of_a_patient_are_in_one_split(tmp_path):
    data = load(xrays(tmp_path / "xrays", same_patient=False))
    assert any("Those of one patient (PatientID, 6 different) were drawn together." in note for note in data.card.notes)


@pytest.mark.parametrize("modality", ["CR", "MR", ""])
def test_what_is_alone_in_its_series_is_a_picture_and_a_series_is_none(tmp_path, modality):
    for label in "ab":
        for number in range(6):
            alone, slices = tmp_path / "alone" / label / f"{number}.dcm", tmp_path / "slices" / label / str(number // 3)
            plane = planes(1, number)[0]
            write(alone, plane, series=f"1.{number}", Modality=modality)
            write(slices / f"{number}.dcm", plane, series=f"1.{number // 3}", position=float(number), Modality="MR")
    assert Source.of(tmp_path / "alone").loader.place.startswith("images")
    assert Source.of(tmp_path / "slices").loader.place.startswith("volumes")


def series(folder, *, count=6, seed=0, **changes):
    for number, plane in enumerate(planes(count, seed)):
        write(folder / f"{number}.dcm", plane, position=2.0 * number, **changes)


@pytest.mark.parametrize(
    "scout",
    [
        {"series": "1.9"},
        {"series": "1.2", "Rows": 8, "ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"], "position": 7.0},
        {"series": "1.9", "position": 3.0},
    ],
    ids=["without a place", "of the same series, turned", "of another series"],
)
def test_a_localizer_is_no_volume(tmp_path, scout):
    for number in range(4):
        folder = tmp_path / "ab"[number % 2] / f"patient{number}"
        series(folder, seed=number)
        turned = {"ImageOrientationPatient": [0, 1, 0, 0, 0, -1]} if "position" in scout else {}
        write(folder / "scout.dcm", planes(1, 99)[0], **scout | turned)
    data = load_volumes(tmp_path)
    assert data.card.title.endswith("4 volumes of 2 classes") and data.sample_shape == (1, 6, 8, 6)
    assert len(data.card.extra["left_out"]["localizer"]) == 4
    assert any("localizers" in note and "scout.dcm" in note for note in data.card.notes)
    # What predict reads of such a folder is the same volume.
    assert read_volume(tmp_path / "a" / "patient0").values.shape == (1, 6, 8, 6)


@settings(max_examples=40, deadline=None)
@given(field=st.sampled_from(FIELDS), value=st.sampled_from(ODD), where=st.integers(0, 5))
def test_an_odd_header_costs_one_slice_at_most(tmp_path_factory, field, value, where):
    folder = tmp_path_factory.mktemp("odd")
    series(folder)
    whole = read_volume(folder)
    try:
        write(folder / f"{where}.dcm", planes(6)[where], position=2.0 * where, **{field: value})
    except Exception:
        return  # pydicom writes no such header
    volume = read_volume(folder)
    left = [name for names in volume.left_out.values() for name in names]
    assert set(left) <= {f"{where}.dcm"} and volume.values.shape[1] == 6 - len(left)
    if left:
        assert torch.equal(volume.values, whole.values[:, [number for number in range(6) if number != where]])
    assert volume.unit == whole.unit
    if where in (1, 2, 3):  # the first or last slice may lie anywhere
        assert volume.spacing is None or volume.spacing[1:] == (0.5, 0.75)


def test_cosines_that_differ_in_their_last_digits_are_of_one_series(tmp_path):
    for number, plane in enumerate(planes()):
        tilt = 0.0995 + 0.0002 * number
        cosines = [1, 0, 0, 0, round((1 - tilt**2) ** 0.5, 6), tilt]
        write(tmp_path / f"{number}.dcm", plane, position=2.0 * number, ImageOrientationPatient=cosines)
    assert read_volume(tmp_path).values.shape[1] == 4


def test_one_series_can_be_shown_and_says_why_it_cannot_be_learnt(tmp_path, capsys):
    series(tmp_path / "chest")
    assert main(["data", "show", str(tmp_path / "chest")]) == 0
    printed = capsys.readouterr().out
    assert "one volume of 6 slices of 8 x 6 pixels" in printed and "read_volume" not in printed
    assert main(["data", "show", str(tmp_path / "chest"), "--out", str(tmp_path / "card.html")]) == 0
    assert (tmp_path / "card.html").read_text().count("<figure>") == 6
    assert main(["train", "volume", "--data", str(tmp_path / "chest")]) == 2
    assert "several of each class" in capsys.readouterr().err
