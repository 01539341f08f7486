"""What a photo costs the service that takes it in: cleaned, sealed, opened. CPU time of one core."""

import statistics
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image

from shared.photos import clean_photo
from shared.vault import KeyRing, open_sealed_bytes, seal_bytes

RUNS = 15
TELEPHONE = (4_000, 3_000)
ROOM = 50_000_000


def measure() -> dict[str, Any]:
    large = _photo_like(TELEPHONE)
    once = clean_photo(large, bytes_max=ROOM)
    ring = KeyRing.from_text(KeyRing.generate())
    token = seal_bytes(ring, once.jpeg, context="bench")
    return {
        "telephone_kb": len(large) // 1_000,
        "kept_kb": len(once.jpeg) // 1_000,
        "clean_from_telephone_ms": _median_ms(lambda: clean_photo(large, bytes_max=ROOM)),
        "clean_made_small_by_the_client_ms": _median_ms(lambda: clean_photo(once.jpeg, bytes_max=ROOM)),
        "seal_ms": _median_ms(lambda: seal_bytes(ring, once.jpeg, context="bench")),
        "open_ms": _median_ms(lambda: open_sealed_bytes(ring, token, context="bench")),
    }


def _photo_like(size: tuple[int, int]) -> bytes:
    """A picture with large areas and grain, as a telephone makes it."""
    areas, grain = Image.linear_gradient("L").resize(size), Image.effect_noise(size, 30)
    file = BytesIO()
    Image.merge("RGB", (areas, grain, Image.blend(areas, grain, 0.5))).save(file, "JPEG", quality=80)
    return file.getvalue()


def _median_ms(work: Callable[[], object]) -> float:
    return round(statistics.median(_seconds(work) for _ in range(RUNS)) * 1_000, 2)


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started
