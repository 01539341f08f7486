"""Inputs that once crashed a reader, kept so that they never do again. What each of them showed stands beside it."""

import zipfile
from io import BytesIO

Found = tuple[str, bytes]


def _workbook(**parts: bytes) -> bytes:
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/"), content)
    return kept.getvalue()


def _hurt_in_the_middle() -> bytes:
    """Says that a part is deflated, and what stands there is not."""
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", b"<Types/>" * 50)
    data = bytearray(kept.getvalue())
    data[50:60] = b"\xff" * 10
    return bytes(data)


FOUND: tuple[Found, ...] = (
    # A workbook damaged inside its packing ended the command with the trace of a library.
    ("sheet_xlsx", _hurt_in_the_middle()),
    ("sheet_xlsx", _workbook(xl__workbook=b"<a")),
    # Words in the place of a field's name came back in the refusal.
    ("requests", b"\x00" + '{"actor": {"请勿外传的一句话": 1}}'.encode()),
    ("requests", b"\x00" + '{"请勿外传的一句话": {"请勿外传的一句话": 1}}'.encode()),
)
