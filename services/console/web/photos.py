"""Photos of a form, made small and clean before they travel: what a file is, its content says, never its name."""

import base64

from starlette.datastructures import FormData, UploadFile

from services.console.errors import PhotoUnfit
from shared.photos import PhotoWrong, clean_in_turn

RAW_BYTES_MAX = 15_000_000
"""Of one photo as a telephone took it; browsers with scripts send a smaller one."""


async def photos_of(form: FormData, *, most: int, field: str = "photos") -> tuple[str, ...]:
    """As requests carry them. Raises PhotoUnfit, which names the one at fault. A field left empty is no photo."""
    files = [one for one in form.getlist(field) if isinstance(one, UploadFile) and (one.filename or one.size)]
    if len(files) > most:
        raise PhotoUnfit(f"{most} photo(s) are the most", why="too_many", number=most)
    return tuple([await _small(file, number) for number, file in enumerate(files)])


async def _small(file: UploadFile, number: int) -> str:
    data = await file.read(RAW_BYTES_MAX + 1)
    try:
        photo = await clean_in_turn(data, bytes_max=RAW_BYTES_MAX)
    except PhotoWrong as wrong:
        raise PhotoUnfit(str(wrong), why=wrong.why, number=number) from None
    return base64.b64encode(photo.jpeg).decode()
