"""Every file that comes as a photo is judged by its content, and refused in words where it is none."""

import base64
import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from starlette.datastructures import FormData, Headers, UploadFile

from services.console.errors import PhotoUnfit
from services.console.web.photos import RAW_BYTES_MAX, photos_of
from services.console.web.words import REFUSALS
from tests.support.photos import DEVICE, photo_with_place

REAL = base64.b64decode(photo_with_place(2400, 1800))


def upload(data: bytes, name: str = "现场.jpg", kind: str = "image/jpeg") -> UploadFile:
    return UploadFile(BytesIO(data), size=len(data), filename=name, headers=Headers({"content-type": kind}))


def form(*files: Any) -> FormData:
    return FormData([("photos", file) for file in files])


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that unpacks to gigabytes."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1_000_000))) + chunk(b"IEND", b"")


WRONG = {
    "photo_not_a_photo": (b"<?php system($_GET['c']); ?>", b"", b"%PDF-1.7", b"GIF89a" + bytes(40), b"<svg/>"),
    "photo_too_large": (REAL + bytes(RAW_BYTES_MAX),),
    "photo_too_many_pixels": (bomb(),),
    "photo_broken": (REAL[: len(REAL) // 3],),
}


@pytest.mark.parametrize(("code", "data"), [(code, data) for code, every in WRONG.items() for data in every])
async def test_what_is_no_photo_is_refused_in_words(code: str, data: bytes) -> None:
    with pytest.raises(PhotoUnfit) as refused:
        await photos_of(form(upload(REAL), upload(data)), most=3)
    said = refused.value.as_dict()
    assert said["code"] == code
    assert said["field"] == "photos.1"
    assert code in REFUSALS


async def test_more_than_the_pack_takes_are_refused() -> None:
    with pytest.raises(PhotoUnfit) as refused:
        await photos_of(form(*[upload(REAL)] * 4), most=3)
    assert refused.value.as_dict()["code"] == "photo_too_many"
    assert "photo_too_many" in REFUSALS


async def test_a_photo_goes_on_small_and_without_what_it_tells_beside_its_picture() -> None:
    """The negative control: a real one is taken, whatever it is called; an empty field is none."""
    found = await photos_of(form(upload(REAL, "a.php", "text/html"), upload(b"", "")), most=3)
    assert len(found) == 1
    jpeg = base64.b64decode(found[0])
    assert DEVICE.encode() in REAL
    assert DEVICE.encode() not in jpeg
    with Image.open(BytesIO(jpeg)) as image:
        assert image.format == "JPEG"
        assert max(image.size) == 1600
