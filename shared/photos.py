"""Photos: bytes in, clean bytes out. What a photo tells beside its picture - place, time, device - is left behind.

The picture alone is copied into a new JPEG: nothing of the file that came in is kept, so there is nothing to strip that
a list of known fields could forget. What a file is, its content says, never its name.
"""

import asyncio
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Literal

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
LONG_SIDE_MAX = 1_600
"""In pixels; enough to read a house number, and small enough for a village's network."""
PIXELS_MAX = 50_000_000
"""Of a camera's JPEG as it came in, which is unpacked at a fraction of its size; a bomb says more, or is refused by its
bytes. The largest telephones take so many."""
UNPACKED_PIXELS_MAX = 16_000_000
"""Of what is unpacked whole, see-through ones several times over: pictures of screens."""
UNPACKED = frozenset({"PNG", "WEBP"})
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
_TURN = ThreadPoolExecutor(1, thread_name_prefix="photo")
"""A photo may need up to 400 MB for a moment: what several need that come together does not add up. A telephone's takes
a fifth of a second, one that its page made small before a tenth of that: dozens may come at once."""
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


async def clean_in_turn(data: bytes, *, bytes_max: int) -> Photo:
    """`clean_photo` beside the loop, one photo at a time in a process. Raises as it does."""
    return await asyncio.get_running_loop().run_in_executor(_TURN, partial(clean_photo, data, bytes_max=bytes_max))


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
        raise _too_many_pixels(PIXELS_MAX) from None
    except Image.UnidentifiedImageError:
        raise PhotoWrong("not_a_photo", "this is no photo: only JPEG, PNG and WebP are taken") from None
    except _BROKEN:
        raise PhotoWrong("broken", "this photo cannot be read to its end; take or send it again") from None


def _require_pixels(image: Image.Image) -> None:
    """Looks at the size the file claims, before a single pixel is unpacked."""
    width, height = image.size
    most = UNPACKED_PIXELS_MAX if image.format in UNPACKED else PIXELS_MAX
    if width * height > most:
        raise _too_many_pixels(most)


def _too_many_pixels(most: int) -> PhotoWrong:
    return PhotoWrong("too_many_pixels", f"the photo has more than {most // 1_000_000} million pixels")


def _picture(image: Image.Image) -> Image.Image:
    """The first frame, upright and small enough, on white where it was see-through."""
    image.draft("RGB", (LONG_SIDE_MAX, LONG_SIDE_MAX))  # a JPEG is unpacked at a fraction of its size at once
    image.thumbnail((LONG_SIDE_MAX, LONG_SIDE_MAX))
    colours = ImageOps.exif_transpose(image).convert("RGBA")  # turned when it is small: a turn is a copy
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
