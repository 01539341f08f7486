"""Photos: bytes in, clean bytes out. What a photo tells beside its picture - place, time, device - is left behind.

The picture alone is copied into a new JPEG: nothing of the file that came in is kept, so there is nothing to strip that
a list of known fields could forget. What a file is, its content says, never its name.
"""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
LONG_SIDE_MAX = 1_600
"""In pixels; enough to read a house number, and small enough for a village's network."""
PIXELS_MAX = 50_000_000
"""Of the photo as it came in. The largest telephones take 50 million; a bomb says more, or is refused by its bytes."""
KEPT_BYTES_MAX = 1_000_000
QUALITIES = (82, 70, 55, 40, 25)

Wrong = Literal["too_large", "not_a_photo", "too_many_pixels", "broken"]

# What decoders raise over bytes that only look like a photo.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    ArithmeticError,
    struct.error,
    zlib.error,
)
_BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


class PhotoWrong(ValueError):
    """These bytes are not taken in. Says why, never what stands in them."""

    def __init__(self, why: Wrong, words: str) -> None:
        super().__init__(words)
        self.why: Wrong = why


@dataclass(frozen=True, slots=True)
class Photo:
    """A clean photo: a JPEG without metadata, upright, in pixels."""

    jpeg: bytes
    width: int
    height: int


def clean_photo(data: bytes, *, bytes_max: int) -> Photo:
    """The picture in `data` (JPEG, PNG or WebP), upright, its long side at most LONG_SIDE_MAX. PhotoWrong otherwise."""
    if len(data) > bytes_max:
        raise PhotoWrong("too_large", f"the photo has {len(data) // 1000} kB; {bytes_max // 1000} kB are the most")
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            _require_pixels(image)
            return _encoded(_picture(image))
    except PhotoWrong:
        raise
    except _BOMBS:
        raise _too_many_pixels() from None
    except Image.UnidentifiedImageError:
        raise PhotoWrong("not_a_photo", "this is no photo: only JPEG, PNG and WebP are taken") from None
    except _BROKEN:
        raise PhotoWrong("broken", "this photo cannot be read to its end; take or send it again") from None


def _require_pixels(image: Image.Image) -> None:
    """Looks at the size the file claims, before a single pixel is unpacked."""
    width, height = image.size
    if width * height > PIXELS_MAX:
        raise _too_many_pixels()


def _too_many_pixels() -> PhotoWrong:
    return PhotoWrong("too_many_pixels", f"the photo has more than {PIXELS_MAX // 1_000_000} million pixels")


def _picture(image: Image.Image) -> Image.Image:
    """The first frame, upright and small enough, on white where it was see-through."""
    image.draft("RGB", (LONG_SIDE_MAX, LONG_SIDE_MAX))  # a JPEG is unpacked at a fraction of its size at once
    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((LONG_SIDE_MAX, LONG_SIDE_MAX))
    colours = upright.convert("RGBA")
    picture = Image.new("RGB", colours.size, "white")
    picture.paste(colours, mask=colours.getchannel("A"))
    return picture


def _encoded(picture: Image.Image) -> Photo:
    """In the best quality that keeps within KEPT_BYTES_MAX; the poorest always does at this size."""
    jpeg = b""
    for quality in QUALITIES:
        file = BytesIO()
        picture.save(file, "JPEG", quality=quality, optimize=True)
        jpeg = file.getvalue()
        if len(jpeg) <= KEPT_BYTES_MAX:
            break
    return Photo(jpeg, *picture.size)
