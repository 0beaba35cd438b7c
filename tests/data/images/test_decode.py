"""One image file: every mode and format ends as the pixels a person sees; damage ends as `Unusable`."""

import io
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from torchbook.data.images import decode as module
from torchbook.data.images.decode import Unusable, decode, look

LOSSLESS = ("PNG", "BMP", "TIFF", "PPM", "GIF", "WEBP")


def stored(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **({"lossless": True, "exact": True} if kind == "WEBP" else {}), **options)
    file.seek(0)
    return file


def noise(mode, width=11, height=7, seed=0):
    generator = np.random.default_rng(seed)
    bands = {"L": (), "LA": (2,), "RGB": (3,), "RGBA": (4,), "CMYK": (4,), "P": (), "1": (), "I;16": ()}[mode]
    if mode == "I;16":
        return Image.fromarray(generator.integers(0, 65536, (height, width), np.uint16))
    values = generator.integers(0, 256, (height, width, *bands), np.uint8)
    if mode == "1":
        return Image.fromarray(values).convert("1")
    image = Image.fromarray(values, None if mode == "P" else mode) if mode == "CMYK" else Image.fromarray(values)
    if mode == "P":
        image = image.convert("P")
        image.putpalette(generator.integers(0, 256, 768, np.uint8).tobytes())
    return image


def pixels(image, mode):
    values = np.asarray(image.convert(mode))
    return values[None] if mode == "L" else values.transpose(2, 0, 1)


def decoded(file, channels, size=(11, 7), **options):
    width, height = size
    return decode(file, channels=channels, height=height, width=width, **options)


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        *[("L", kind) for kind in LOSSLESS if kind != "WEBP"],
        *[("RGB", kind) for kind in LOSSLESS if kind != "GIF"],
        *[("P", kind) for kind in ("PNG", "BMP", "TIFF", "GIF")],
        *[("1", kind) for kind in ("PNG", "BMP", "TIFF", "PPM")],
        ("CMYK", "TIFF"),
    ],
)
def test_lossless_formats_keep_every_pixel(mode, kind):
    image = noise(mode)
    colour = mode not in ("L", "1")
    assert look(stored(image, kind))["colour"] is colour
    for channels, wanted in ((1, "L"), (3, "RGB")):
        values = decoded(stored(image, kind), channels)
        assert (values.dtype, values.shape) == (np.uint8, (channels, 7, 11))
        assert np.array_equal(values, pixels(image, wanted))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_camera_held_sideways_gives_an_upright_picture(kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = stored(noise("RGB", 16, 8), kind, exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(file.getvalue())))
    seen = look(io.BytesIO(file.getvalue()))
    assert (seen["width"], seen["height"]) == upright.size
    assert np.array_equal(decoded(file, 3, upright.size), pixels(upright, "RGB"))
    # Scaling and turning may be done in either order, but for the last bit of rounding.
    fitted = ImageOps.fit(upright, (5, 7), Image.Resampling.BICUBIC)
    assert np.abs(decoded(file, 3, (5, 7)).astype(int) - pixels(fitted, "RGB")).max() <= 2


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_is_laid_over_white(mode):
    image = noise(mode)
    values = np.asarray(image).astype(float)
    alpha = values[..., -1:] / 255
    expected = (alpha * values[..., :-1] + (1 - alpha) * 255).transpose(2, 0, 1)
    assert look(stored(image))["transparent"]
    assert np.abs(decoded(stored(image), expected.shape[0]) - expected).max() <= 1


def test_a_transparent_colour_of_a_palette_is_white():
    image = noise("P")
    index = np.asarray(image)
    values = decoded(stored(image, "PNG", transparency=int(index[0, 0])), 3)
    assert (values[:, index == index[0, 0]] == 255).all()


def test_a_palette_of_greys_is_grey():
    image = noise("P")
    image.putpalette(np.repeat(np.arange(256, dtype=np.uint8), 3).tobytes())
    assert not look(stored(image))["colour"]
    assert np.array_equal(decoded(stored(image), 1)[0], np.asarray(image))


@pytest.mark.parametrize("peak", [1023, 4095, 65535])
def test_deep_pixels_are_scaled_from_their_peak(peak):
    image = noise("I;16")
    values = np.asarray(image) & peak
    for kind in ("PNG", "TIFF"):
        file = stored(Image.fromarray(values), kind)
        assert look(file)["peak"] == values.max()
        assert np.array_equal(decoded(file, 1, peak=float(peak))[0], np.rint(values * (255 / peak)))


def test_float_pixels_are_scaled_and_those_that_are_no_grey_are_refused():
    values = np.linspace(0, 1, 77, dtype=np.float32).reshape(7, 11)
    file = stored(Image.fromarray(values), "TIFF")
    assert np.array_equal(decoded(file, 3, peak=1.0)[1], np.rint(values * 255))
    for odd in (-1, np.nan):
        values[3, 3] = odd
        with pytest.raises(Unusable, match="below 0 or not finite"):
            decoded(stored(Image.fromarray(values), "TIFF"), 1)


@settings(max_examples=25, deadline=None)
@given(width=st.integers(1, 40), height=st.integers(1, 40), across=st.integers(1, 24), down=st.integers(1, 24))
@example(width=2, height=27, across=1, down=21)  # 21 times 27 / 21 is a hair more than 27
def test_another_shape_is_covered_and_cropped_at_the_centre(width, height, across, down):
    image = noise("RGB", width, height)
    expected = pixels(ImageOps.fit(image, (across, down), Image.Resampling.BICUBIC), "RGB")
    assert np.abs(decoded(stored(image), 3, (across, down)).astype(int) - expected).max() <= 1


def test_a_large_jpeg_decoded_at_a_fraction_looks_the_same():
    down, across = np.mgrid[0:900, 0:1200]
    waves = np.stack([across / 5, down / 4, 120 + 100 * np.sin(across / 60) * np.cos(down / 50)], 2).astype(np.uint8)
    file = stored(Image.fromarray(waves), "JPEG", quality=95)
    expected = pixels(ImageOps.fit(Image.fromarray(waves), (32, 32), Image.Resampling.BICUBIC), "RGB")
    assert np.abs(decoded(file, 3, (32, 32)).astype(int) - expected).mean() < 1.5


def test_of_several_frames_the_first_is_taken():
    frames = [noise("L", seed=seed) for seed in range(3)]
    for kind in ("GIF", "TIFF"):
        file = stored(frames[0], kind, save_all=True, append_images=frames[1:])
        assert look(file)["moving"]
        assert np.array_equal(decoded(file, 1)[0], np.asarray(frames[0]))


def png_of(width, height):
    """A PNG that claims a size and holds hardly anything."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return io.BytesIO(b"\x89PNG\r\n\x1a\n" + parts)


@pytest.mark.parametrize("size", [(9500, 9500), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_decompression_bomb_is_refused_before_it_unpacks(size):
    for function in (look, lambda file: decoded(file, 3)):
        with pytest.raises(Unusable) as caught:
            function(png_of(*size))
        assert caught.value.kind == "bomb"


def test_other_formats_are_not_even_tried():
    """EPS would start another program."""
    with pytest.raises(Unusable) as caught:
        look(io.BytesIO(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"), name="a.eps")
    assert caught.value.kind == "no image"


@settings(max_examples=30, deadline=None)
@given(content=st.binary(max_size=300), name=st.sampled_from(["a.txt", "a.PNG", ""]))
def test_what_is_no_image_says_so(content, name):
    with pytest.raises(Unusable) as caught:
        look(io.BytesIO(content), name=name)
    assert caught.value.kind in (("damaged",) if name.endswith("PNG") else ("no image", "damaged"))


VALID = [
    (kind, stored(noise(mode), kind).getvalue())
    for kind, mode in [*((kind, "RGB") for kind in (*LOSSLESS, "JPEG")), ("TIFF", "I;16"), ("PNG", "P"), ("PNG", "LA")]
]


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=150, deadline=None)
@given(data=st.data(), valid=st.sampled_from(VALID))
def test_a_damaged_file_is_read_or_unusable(data, valid):
    content = bytearray(valid[1])
    del content[data.draw(st.integers(len(content) // 4, len(content))) :]
    for _ in range(data.draw(st.integers(0, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        look(io.BytesIO(content), name="a.png")
        values = decoded(io.BytesIO(content), 3)
    except Unusable as error:
        assert "\n" not in str(error)
    else:
        assert (values.dtype, values.shape) == (np.uint8, (3, 7, 11))


def test_the_reading_program_imports_no_torch(tmp_path):
    command = [sys.executable, "-X", "importtime", "-P", module.__file__, str(tmp_path)]
    imported = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stderr
    assert "numpy" in imported
    assert "torch" not in imported.replace("torchbook", "")


def test_a_white_icon_is_laid_over_black():
    values = np.full((7, 11, 4), 255, np.uint8)
    values[..., 3] = 0
    values[2:5, 3:8, 3] = 255
    for channels in (1, 3):
        expected = np.broadcast_to(values[..., 3], (channels, 7, 11))
        assert np.array_equal(decoded(stored(Image.fromarray(values)), channels), expected)
    values[3, 4, :3] = 0  # With a black spot in it, it shows on white.
    assert decoded(stored(Image.fromarray(values)), 1)[0, 0, 0] == 255


def test_avif_is_read_where_pillow_reads_it():
    pytest.importorskip("PIL.AvifImagePlugin")
    image = Image.fromarray(np.full((16, 16, 3), 90, np.uint8))
    assert abs(int(decoded(stored(image, "AVIF"), 1, (16, 16))[0, 8, 8]) - 90) < 4
