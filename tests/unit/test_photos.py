"""Bytes in, clean bytes out: what a photo tells beside its picture is gone, what is no photo is refused in words."""

import asyncio
import os
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from shared.photos import KEPT_BYTES_MAX, LONG_SIDE_MAX, PhotoWrong, clean_in_turn, clean_photo
from tests.fuzz import memory

ROOM = 5_000_000
MEMORY_MAX_KB = 450_000
# The upper half red: which way up a photo is can be seen.
RED, BLUE = (200, 20, 20), (20, 20, 200)
SECRETS = (b"24.87654", b"Pixel-Telefon", b"Wang's phone", b"xpacket")


def picture(width: int = 400, height: int = 200, mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", (width, height), BLUE)
    image.paste(RED, (0, 0, width, height // 2))
    return image.convert(mode)


def file_of(image: Image.Image, form: str = "JPEG", **extra: Any) -> bytes:
    file = BytesIO()
    image.save(file, form, **extra)
    return file.getvalue()


def telltale(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Model] = "Pixel-Telefon"
    exif[Base.ImageDescription] = "Wang's phone"
    exif[Base.Orientation] = orientation
    exif.get_ifd(IFD.GPSInfo).update({GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (24.0, 52.0, 35.5)})
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSAreaInformation] = b"24.87654"
    return exif


def opened(jpeg: bytes) -> Image.Image:
    image = Image.open(BytesIO(jpeg))
    image.load()
    return image


def reason(data: bytes, bytes_max: int = ROOM) -> str:
    with pytest.raises(PhotoWrong) as wrong:
        clean_photo(data, bytes_max=bytes_max)
    assert len(str(wrong.value)) > 20
    return wrong.value.why


def outcome(data: bytes) -> str:
    try:
        photo = clean_photo(data, bytes_max=ROOM)
    except PhotoWrong as wrong:
        return wrong.why
    return "taken" if len(photo.jpeg) < 100_000 else "grown"


# -- what is left behind -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_where_when_and_by_which_device_it_was_taken_is_gone(form: str) -> None:
    comment = {"comment": b"Wang's phone"} if form == "JPEG" else {}
    xmp = {} if form == "PNG" else {"xmp": b"<?xpacket 24.87654 ?>"}
    data = file_of(picture(), form, exif=telltale(), **comment, **xmp)
    assert any(secret in data for secret in SECRETS), "the secret was planted"
    assert opened(data).getexif().get_ifd(IFD.GPSInfo), "the place was planted"
    photo = clean_photo(data, bytes_max=ROOM)
    clean = opened(photo.jpeg)
    assert (clean.format, clean.size) == ("JPEG", (photo.width, photo.height))
    assert not dict(clean.getexif())
    assert set(clean.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert not [secret for secret in SECRETS if secret in photo.jpeg]


def test_bytes_behind_the_picture_are_gone() -> None:
    data = file_of(picture()) + b"PK\x03\x04 Wang's phone"
    assert b"Wang" not in clean_photo(data, bytes_max=ROOM).jpeg


def test_cleaning_a_clean_one_again_keeps_its_size() -> None:
    once = clean_photo(file_of(picture()), bytes_max=ROOM)
    again = clean_photo(once.jpeg, bytes_max=ROOM)
    assert (again.width, again.height) == (once.width, once.height)


# -- the picture -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [(1, (400, 200), (200, 10)), (3, (400, 200), (200, 190)), (6, (200, 400), (190, 200)), (8, (200, 400), (10, 200))],
)
def test_a_rotated_one_stands_upright(orientation: int, size: tuple[int, int], red_at: tuple[int, int]) -> None:
    photo = clean_photo(file_of(picture(), exif=telltale(orientation)), bytes_max=ROOM)
    assert (photo.width, photo.height) == size
    red, _, blue = opened(photo.jpeg).getpixel(red_at)  # type: ignore[misc]
    assert red > blue


@pytest.mark.parametrize(
    ("size", "kept"), [((4000, 3000), (1600, 1200)), ((900, 4500), (320, 1600)), ((80, 60), (80, 60))]
)
def test_a_large_one_is_made_smaller_and_a_small_one_stays(size: tuple[int, int], kept: tuple[int, int]) -> None:
    photo = clean_photo(file_of(picture(*size)), bytes_max=ROOM)
    assert (photo.width, photo.height) == kept
    assert max(kept) <= LONG_SIDE_MAX


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "1", "CMYK", "I;16"])
def test_every_kind_of_colour_is_taken(mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    assert opened(clean_photo(file_of(picture(mode=mode), form), bytes_max=ROOM).jpeg).mode == "RGB"


def test_what_was_see_through_is_white() -> None:
    glass = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    assert opened(clean_photo(file_of(glass, "PNG"), bytes_max=ROOM).jpeg).getpixel((20, 20)) == (255, 255, 255)


def test_noise_that_no_quality_compresses_well_still_keeps_within_the_bound() -> None:
    noise = Image.frombytes("RGB", (1600, 1600), os.urandom(1600 * 1600 * 3))
    assert len(clean_photo(file_of(noise, quality=90), bytes_max=20_000_000).jpeg) <= KEPT_BYTES_MAX


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        "现场照片".encode(),
        b"%PDF-1.7 with a picture in it",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        file_of(picture(), "GIF"),
        file_of(picture(), "BMP"),
        file_of(picture(), "TIFF"),
    ],
    ids=["nothing", "a text named .jpg", "pdf", "svg", "gif", "bmp", "tiff"],
)
def test_what_is_no_photo_is_refused_whatever_its_name(data: bytes) -> None:
    assert reason(data) == "not_a_photo"


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_cut_short_is_refused(form: str) -> None:
    data = file_of(picture(), form)
    assert reason(data[: len(data) // 2]) in {"broken", "not_a_photo"}


def test_one_of_too_many_bytes_is_refused_before_it_is_opened() -> None:
    assert reason(b"\0" * 1_001, bytes_max=1_000) == "too_large"


def png(width: int, height: int, body: bytes) -> bytes:
    """A PNG that claims a size, whatever it holds."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [7_100, 10_000, 20_000, 60_000])
def test_a_bomb_is_refused_before_it_is_unpacked(side: int) -> None:
    bomb = png(side, side, b"\0" * 1_000)
    assert len(bomb) < 1_000
    assert reason(bomb) == "too_many_pixels"


def test_a_telephones_photo_with_a_second_picture_in_it_is_one() -> None:
    """A map of depth or of light beside the picture makes a JPEG of several pictures of it."""
    data = file_of(picture(), "MPO", save_all=True, append_images=[picture()])
    with Image.open(BytesIO(data)) as image:
        assert image.format == "MPO"
    assert outcome(data) == "taken"


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_a_camera_may_have_more_pixels_than_a_screen(form: str) -> None:
    """What is unpacked whole has another bound than a JPEG, which is unpacked at a fraction of its size."""
    large = Image.new("1", (4_000, 4_001)) if form == "PNG" else Image.new("RGB", (4_000, 4_001))
    assert reason(file_of(large, form)) == "too_many_pixels"
    assert outcome(file_of(Image.new("L", (4_000, 4_001)), "JPEG")) == "taken"


def see_through() -> bytes:
    return file_of(Image.new("RGBA", (4_000, 4_000), (9, 9, 9, 128)), "WEBP", lossless=True)


def turned() -> bytes:
    return file_of(Image.new("CMYK", (8_000, 6_200)), progressive=True, subsampling=0, exif=telltale(6))


@pytest.mark.parametrize("made", [see_through, turned])
def test_the_largest_photos_that_are_taken_need_no_more_than_a_service_has(made: Callable[[], bytes]) -> None:
    data = made()
    memory.begin_or_skip()
    before = memory.peak_kb()
    assert outcome(data) == "taken"
    assert memory.peak_kb() - before < MEMORY_MAX_KB


async def test_photos_that_come_together_are_cleaned_one_after_the_other() -> None:
    """Else what each needs for a moment adds up."""
    data = see_through()
    memory.begin_or_skip()
    before = memory.peak_kb()
    photos = await asyncio.gather(*(clean_in_turn(data, bytes_max=ROOM) for _ in range(4)))
    assert len(photos) == 4
    assert memory.peak_kb() - before < MEMORY_MAX_KB


def test_a_bomb_in_the_text_beside_the_picture_is_refused_or_left_behind() -> None:
    text = b"iTXtnote\0\1\0\0\0" + zlib.compress(b"\0" * 300_000_000)
    data = file_of(picture(), "PNG")
    planted = data[:33] + struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text)) + data[33:]
    assert outcome(planted) in {"taken", "broken"}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_bytes_broken_anywhere_end_in_a_photo_or_in_words(form: str) -> None:
    data = bytearray(file_of(picture(64, 48), form))
    for place in range(0, len(data), max(1, len(data) // 150)):
        for value in (0x00, 0xFF):
            broken = bytes(data[:place]) + bytes([value]) + bytes(data[place + 1 :])
            assert outcome(broken) in {"taken", "broken", "not_a_photo", "too_many_pixels"}
