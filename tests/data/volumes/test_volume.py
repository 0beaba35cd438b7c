"""Volumes: slices in order of position, in Hounsfield units, and nothing missing without a word."""

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, TiffImagePlugin
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from torchbook.data.load import load
from torchbook.data.volumes.folder_kind import holds_volumes
from torchbook.data.volumes.volume import load_volumes, read_volume
from torchbook.errors import TorchbookError


def write_slice(path, plane, place, *, series="1.2.3", number=1, orientation=(1, 0, 0, 0, 1, 0), **changes):
    """A slice of a CT at `place` millimetres along the normal, its values stored with an intercept of -1024."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = CTImageStorage, "1.2.3.4"
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    header = FileDataset(str(path), {}, file_meta=meta, preamble=b"\0" * 128)
    header.Modality, header.SeriesInstanceUID, header.InstanceNumber = "CT", series, number
    header.ImageOrientationPatient = list(orientation)
    normal = np.cross(orientation[:3], orientation[3:])
    header.ImagePositionPatient = [float(each) for each in place * normal + np.array([-5.0, 7.0, 0.0]) * (normal == 0)]
    header.PixelSpacing, header.SliceThickness = [0.5, 0.75], 9
    header.Rows, header.Columns = plane.shape
    header.SamplesPerPixel, header.PhotometricInterpretation = 1, "MONOCHROME2"
    header.BitsAllocated, header.BitsStored, header.HighBit, header.PixelRepresentation = 16, 12, 11, 0
    header.RescaleSlope, header.RescaleIntercept = 1, -1024
    header.PixelData = (plane + 1024).astype("<u2").tobytes()
    for name, value in changes.items():
        setattr(header, name, value)
    path.parent.mkdir(parents=True, exist_ok=True)
    header.save_as(path, enforce_file_format=True)


def cube(depth, seed=0):
    return np.random.default_rng(seed).integers(-1000, 3000, (depth, 6, 5))


@settings(max_examples=15, deadline=None)
@given(
    order=st.permutations(range(7)),
    missing=st.sets(st.integers(1, 5), max_size=3),
    orientation=st.sampled_from([(1, 0, 0, 0, 1, 0), (0, 1, 0, 0, 0, -1), (1, 0, 0, 0, 0.8, 0.6)]),
)
def test_slices_are_ordered_by_position_and_the_missing_are_counted(tmp_path_factory, order, missing, orientation):
    folder, values = tmp_path_factory.mktemp("ct"), cube(7)
    for name, place in enumerate(order):
        if place not in missing:
            write_slice(
                folder / f"{name}.dcm", values[place], 2.5 * place - 4, number=99 - name, orientation=orientation
            )
    volume = read_volume(folder)
    kept = [place for place in range(7) if place not in missing]
    assert torch.equal(volume.values[0], torch.from_numpy(values[kept]).float())
    assert volume.unit == "Hounsfield units"
    alone = load_volumes(folder)
    assert torch.equal(alone.train.inputs[0], volume.values) and alone.train.labels is None
    assert alone.card.classes == () and any("needs several of each class" in note for note in alone.card.notes)
    if 1 in np.diff(kept):
        assert volume.spacing == pytest.approx((2.5, 0.5, 0.75))
        said = [note for note in volume.notes if "Missing" in note]
        assert len(said) == bool(missing)
        if missing:
            assert f"{len(missing)} slice" in said[0] and "of 7" in said[0]


def test_of_several_series_the_largest_is_taken_and_the_others_are_named(tmp_path):
    values = cube(5)
    for i in range(5):
        write_slice(tmp_path / f"a{i}.dcm", values[i], i, series="1.1")
    for i in range(3):
        write_slice(tmp_path / f"b{i}.dcm", cube(3, 1)[i], i, series="1.2")
    # The scout view of a series has its number but another size.
    write_slice(tmp_path / "scout.dcm", np.zeros((9, 9), int), 0, series="1.1")
    volume = read_volume(tmp_path)
    assert torch.equal(volume.values[0], torch.from_numpy(values).float())
    assert sorted(volume.left_out["another series"]) == ["b0.dcm", "b1.dcm", "b2.dcm", "scout.dcm"]
    assert any("3 series" in note for note in volume.notes)


def test_what_is_no_slice_is_left_out_and_named(tmp_path):
    values = cube(4)
    for i in range(4):
        write_slice(tmp_path / f"{i}.dcm", values[i], i)
    write_slice(tmp_path / "copy.dcm", values[2], 2, number=7)
    write_slice(tmp_path / "colour.dcm", values[0], 0, SamplesPerPixel=3)
    write_slice(tmp_path / "short.dcm", values[0], 9, PixelData=b"\0\0")
    (tmp_path / "empty.dcm").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("patient moved")
    volume = read_volume(tmp_path)
    assert torch.equal(volume.values[0], torch.from_numpy(values).float())
    assert {reason: sorted(names) for reason, names in volume.left_out.items()} == {
        "no image": ["notes.txt"],
        "unreadable": ["colour.dcm"],
        "damaged": ["empty.dcm", "short.dcm"],
        "second at its place": ["copy.dcm"],
    }
    assert all(any(name in note for note in volume.notes) for names in volume.left_out.values() for name in names)


def test_uneven_slices_and_slices_without_a_place_are_told(tmp_path):
    for i, place in enumerate((0, 1, 2.4)):
        write_slice(tmp_path / "uneven" / f"{i}.dcm", cube(3)[i], place)
        write_slice(tmp_path / "bare" / f"{i}.dcm", cube(3)[i], 0, number=3 - i, ImagePositionPatient=None)
    assert any("unevenly" in note for note in read_volume(tmp_path / "uneven").notes)
    bare = read_volume(tmp_path / "bare")
    assert any("no positions" in note for note in bare.notes)
    assert torch.equal(bare.values[0], torch.from_numpy(cube(3)[::-1].copy()).float())


def test_a_zip_of_slices_is_the_same_volume(tmp_path):
    with zipfile.ZipFile(tmp_path / "ct.zip", "w") as archive:
        for i in range(3):
            write_slice(tmp_path / "ct" / f"{i}.dcm", cube(3)[i], -i)
            archive.write(tmp_path / "ct" / f"{i}.dcm", f"patient/{i}.dcm")
    assert torch.equal(read_volume(tmp_path / "ct.zip").values, read_volume(tmp_path / "ct").values)


@pytest.mark.parametrize(("kind", "mode"), [(np.uint8, "L"), (np.uint16, "I;16"), (np.int32, "I"), (np.float32, "F")])
def test_the_pages_of_a_tiff_are_the_slices(tmp_path, kind, mode):
    values = cube(4).clip(0).astype(kind)
    write_pages(tmp_path / "stack.tif", values)
    with Image.open(tmp_path / "stack.tif") as image:
        assert image.mode == mode
    volume = read_volume(tmp_path / "stack.tif")
    assert torch.equal(volume.values, torch.from_numpy(values.astype(np.float32))[None])
    assert (volume.spacing, volume.unit) == (None, "stored values")


def write_pages(path, values, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    first, *rest = (Image.fromarray(page) for page in values)
    first.save(path, save_all=True, append_images=rest, **options)


def test_the_spacing_and_channels_that_imagej_writes_are_read(tmp_path):
    about = TiffImagePlugin.ImageFileDirectory_v2()
    about[270] = "ImageJ=1.53\nimages=6\nchannels=2\nslices=3\nhyperstack=true\nunit=micron\nspacing=2.0\n"
    about[282], about[283] = 4.0, 2.0
    values = cube(6).clip(0).astype(np.uint16)
    write_pages(tmp_path / "cells.tif", values, tiffinfo=about)
    volume = read_volume(tmp_path / "cells.tif")
    assert volume.spacing == pytest.approx((2e-3, 0.5e-3, 0.25e-3))
    expected = values.astype(np.float32).reshape(3, 2, 6, 5).swapaxes(0, 1)
    assert torch.equal(volume.values, torch.from_numpy(expected.copy()))


def test_colour_pages_have_three_channels_and_odd_pages_are_told(tmp_path):
    pages = [np.random.default_rng(i).integers(0, 256, (6, 5, 3), np.uint8) for i in range(3)]
    write_pages(tmp_path / "stack.tiff", [*pages, np.zeros((9, 9, 3), np.uint8)])
    volume = read_volume(tmp_path / "stack.tiff")
    assert torch.equal(volume.values, torch.from_numpy(np.stack(pages).astype(np.float32)).permute(3, 0, 1, 2))
    assert any("number 4" in note for note in volume.notes)


@pytest.mark.parametrize("make", ["nothing", "text", "damaged"])
def test_no_volume_is_one_line(tmp_path, make):
    path = tmp_path
    if make == "text":
        (tmp_path / "a.txt").write_text("hello")
    if make == "damaged":
        path = tmp_path / "a.tif"
        path.write_bytes(b"II*\0" + b"\xff" * 50)
    with pytest.raises(TorchbookError) as caught:
        read_volume(path)
    assert "\n" not in str(caught.value)


def test_class_folders_of_series_and_stacks_become_a_data_set(tmp_path):
    for number in range(6):
        for i in range(4):
            write_slice(tmp_path / f"lung/p{number}/{i}.dcm", cube(4, number)[i], i, series=f"1.{number}")
            # Several series may lie in one folder.
            write_slice(tmp_path / f"liver/{number}-{i}.dcm", cube(4, 9 + number)[i], i, series=f"2.{number}")
    write_pages(tmp_path / "cells" / "a.tif", cube(4, 50).astype(np.int32))
    (tmp_path / "cells" / "b.tif").write_bytes(b"II*\0")
    assert holds_volumes(tmp_path)
    dataset = load_volumes(tmp_path)
    assert dataset.card.classes == ("cells", "liver", "lung")
    assert (dataset.card.kind, dataset.sample_shape) == ("volumes", (1, 4, 6, 5))
    assert sum(map(len, dataset)) == 13
    assert dataset.card.extra["left_out"] == {"damaged": ["cells/b.tif"]}
    assert any("do not compare" in note for note in dataset.card.notes)
    originals = {"lung": range(6), "liver": range(9, 15), "cells": [50]}
    for split in dataset:
        for values, label in zip(split.inputs, split.labels):
            seeds = originals[dataset.card.classes[label]]
            assert any(torch.equal(values[0], torch.from_numpy(cube(4, seed)).float()) for seed in seeds)


def test_volumes_of_different_sizes_become_cubes(tmp_path):
    for number in range(3):
        write_pages(tmp_path / "a" / f"{number}.tif", np.full((3 + number, 9, 70), 5.0, np.float32))
        write_pages(tmp_path / "b" / f"{number}.tif", np.full((3, 9, 7), 7.0 + number, np.float32))
    dataset = load_volumes(tmp_path, volume_size=8)
    assert dataset.sample_shape == (1, 8, 8, 8)
    assert any("8 x 8 x 8 voxels" in note for note in dataset.card.notes)
    # Averaging and interpolation leave a constant as it is; the first class's volumes are copies and stay together.
    values = {values.mean().item() for split in dataset for values in split.inputs}
    assert values == {5.0, 7.0, 8.0, 9.0}
    assert load_volumes(tmp_path).sample_shape == (1, 32, 32, 32)


def test_images_are_no_volumes(tmp_path):
    Image.new("L", (8, 8)).save(tmp_path / "page.tif")
    Image.new("L", (8, 8)).save(tmp_path / "a.png")
    assert not holds_volumes(tmp_path)
    with pytest.raises(TorchbookError, match="volume_size must be"):
        load_volumes(tmp_path, volume_size=1)


def zipped(folder):
    with zipfile.ZipFile(folder.with_suffix(".zip"), "w") as archive:
        for file in folder.rglob("*"):
            archive.write(file, file.relative_to(folder.parent))
    return folder.with_suffix(".zip")


def test_what_most_files_are_decides_between_images_and_volumes(tmp_path):
    for number in range(6):
        for name in "ab":
            values = np.random.default_rng([number, ord(name)]).integers(0, 256, (3, 9, 9), np.uint8)
            (tmp_path / "few" / name).mkdir(parents=True, exist_ok=True)
            Image.fromarray(values[0]).save(tmp_path / "few" / name / f"{number}.png")
            write_pages(tmp_path / "many" / name / f"{number}.tif", values)
    write_pages(tmp_path / "few" / "a" / "scan.tif", values)
    Image.fromarray(values[0]).save(tmp_path / "many" / "a" / "preview.png")
    (tmp_path / "many" / "about.txt").write_text("made by a microscope")
    for folder, kind, left_out in (("few", "images", []), ("many", "volumes", ["a/preview.png", "about.txt"])):
        for path in (tmp_path / folder, zipped(tmp_path / folder)):
            dataset = load(path)
            assert (dataset.card.kind, dataset.card.classes) == (kind, ("a", "b"))
            named = [name.removeprefix("many/") for names in dataset.card.extra["left_out"].values() for name in names]
            assert named == left_out
    assert "1 file with several frames: the first was taken." in load(tmp_path / "few").card.notes


def test_a_zip_of_slices_is_loaded_as_volumes(tmp_path):
    for number in range(3):
        for i in range(2):
            for name in "ab":
                values = cube(2, ord(name) + number)
                write_slice(tmp_path / "set" / name / f"{number}-{i}", values[i], i, series=f"{ord(name)}.{number}")
    folder, archive = load(tmp_path / "set"), load(zipped(tmp_path / "set"))
    assert folder.card.kind == archive.card.kind == "volumes"
    for one, other in zip(folder, archive):
        assert torch.equal(one.inputs, other.inputs)
    (tmp_path / "bad.zip").write_bytes(b"PK\5\6 and no more")
    with pytest.raises(TorchbookError, match="the zip is damaged"):
        load(tmp_path / "bad.zip")


@pytest.mark.parametrize("odd", [np.nan, np.inf])
def test_a_volume_that_is_not_finite_is_left_out_and_named(tmp_path, odd):
    for number in range(8):
        for name in "ab":
            values = np.random.default_rng([number, ord(name)]).random((3, 9, 9), np.float32)
            values[1, 2, 3] = odd if (name, number) == ("a", 5) else 0
            write_pages(tmp_path / name / f"{number}.tif", values)
    for seed in range(4):
        dataset = load_volumes(tmp_path, seed=seed)
        assert dataset.card.extra["left_out"] == {"not finite": ["a/5.tif"]}
        assert "Left out as holding values that are not finite (NaN, infinity): 1 file (a/5.tif)." in dataset.card.notes
        assert sum(map(len, dataset)) == 15
        assert all(torch.isfinite(dataset.normalize(split.inputs)).all() for split in dataset)
    with pytest.raises(TorchbookError, match=r"5.tif: slice 2 holds a value that is not finite"):
        read_volume(tmp_path / "a" / "5.tif")


def write_patients(folder, patients):
    for number, patient in enumerate(patients):
        for i in range(2):
            name = "ab"[number // (len(patients) // 2)]
            file = folder / name / f"{number}" / f"{i}.dcm"
            write_slice(file, cube(2, number)[i], i, series=f"1.{number}", PatientID=patient)


def of_patients(split, patients):
    """Whose volumes a split has."""
    owners = {cube(2, number)[0].tobytes(): patient for number, patient in enumerate(patients)}
    return {owners[volume[0, 0].numpy().astype(int).tobytes()] for volume in split.inputs}


def test_the_volumes_of_a_patient_are_in_one_split(tmp_path):
    patients = [f"p{number // 3}" for number in range(36)]
    write_patients(tmp_path, patients)
    for seed in range(5):
        dataset = load_volumes(tmp_path, seed=seed)
        found = [of_patients(split, patients) for split in dataset]
        assert sum(map(len, found)) == len(set.union(*found)) == 12
        assert "Those of one patient (PatientID, 12 different) were drawn together." in dataset.card.notes


@pytest.mark.parametrize("patients", [[""] * 20, ["anonymous"] * 20, [f"p{number}" for number in range(20)]])
def test_one_patient_for_all_or_for_each_says_nothing(tmp_path, patients):
    write_patients(tmp_path, patients)
    dataset = load_volumes(tmp_path)
    assert [len(split) for split in dataset] == [12, 4, 4]
    assert not any("patient" in note for note in dataset.card.notes)


def test_patients_in_two_given_splits_are_told(tmp_path):
    write_patients(tmp_path / "train", [f"p{number}" for number in range(8)])
    write_patients(tmp_path / "test", ["p0", "p3", "x", "y"])
    notes = load_volumes(tmp_path).card.notes
    assert "2 patients have volumes in several splits: what is measured there is too good." in notes


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=60, deadline=None)
@given(data=st.data(), kind=st.sampled_from(["dcm", "tif"]))
def test_a_damaged_file_is_read_or_named(tmp_path_factory, data, kind):
    folder = tmp_path_factory.mktemp("damaged")
    if kind == "dcm":
        write_slice(folder / "0.dcm", cube(2)[0], 0)
    else:
        write_pages(folder / "0.tif", cube(2).clip(0).astype(np.uint16))
    content = bytearray((folder / f"0.{kind}").read_bytes())
    del content[data.draw(st.integers(len(content) // 4, len(content))) :]
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    (folder / f"0.{kind}").write_bytes(content)
    if kind == "dcm":
        write_slice(folder / "1.dcm", cube(2)[1], 1)
    try:
        volume = read_volume(folder if kind == "dcm" else folder / "0.tif")
    except TorchbookError as error:
        assert "\n" not in str(error)
        assert kind == "tif"
    else:
        depth = volume.values.shape[1]
        assert depth + sum(map(len, volume.left_out.values())) == 2 or kind == "tif"


@pytest.mark.slow
def test_a_real_chest_in_hounsfield_units():
    folder = Path(os.environ.get("TORCHBOOK_DATA", "")) / "ct"
    if not folder.is_dir() or not os.environ.get("TORCHBOOK_DATA"):
        pytest.skip("needs the CT slices in TORCHBOOK_DATA")
    import pydicom

    headers = [pydicom.dcmread(file) for file in folder.glob("*.dcm")]
    headers.sort(key=lambda header: header.ImagePositionPatient[2])
    expected = np.stack([header.pixel_array.astype(np.float32) - 1024 for header in headers])
    volume = read_volume(folder)
    assert torch.equal(volume.values[0], torch.from_numpy(expected))
    assert volume.spacing == pytest.approx((3, 0.564453125, 0.564453125))
    assert any("57 slices of 89" in note for note in volume.notes)


@pytest.mark.parametrize("odd", [{"PixelSpacing": "0.7"}, {"SliceThickness": ["1", "2"]}, {"Rows": 3}], ids=str)
def test_an_odd_header_costs_at_most_its_slice(tmp_path, odd):
    for label in "ab":
        for number in range(3):
            for place, plane in enumerate(cube(4, seed=number + 7 * (label == "a"))):
                changes = odd if (label, number, place) == ("a", 0, 3) else {}
                file = tmp_path / label / str(number) / f"{place}.dcm"
                write_slice(file, plane, 2.0 * place, series=f"1.{number}.{ord(label)}", **changes)
    dataset = load_volumes(tmp_path)
    assert sum(map(len, dataset)) >= 6
    # What only the distances depend on is taken from the others.
    kept = "Rows" not in odd
    left_out = dataset.card.extra["left_out"]
    assert "a/0/3.dcm" not in [name for names in left_out.values() for name in names] or not kept
    (tmp_path / "one").mkdir()
    for file in (tmp_path / "a" / "0").iterdir():
        file.rename(tmp_path / "one" / file.name)
    assert len(read_volume(tmp_path / "one").values[0]) == (4 if kept else 3)
