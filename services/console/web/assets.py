"""The console's own files, read and packed once at the start, under an address that changes with their content."""

import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

FOLDER = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"
PACKED = {".css", ".js", ".svg", ".json"}
IMPORT = re.compile(rb"^import (?:[^'\n]* from )?'\./([^']+)'", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asset:
    body: bytes
    packed: bytes | None
    kind: str


class Assets:
    """One digest for all of them, so that modules may name each other by plain relative addresses."""

    def __init__(self, folder: Path = FOLDER) -> None:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        digest = hashlib.sha256()
        self._assets: dict[str, Asset] = {}
        for path in files:
            body, name = path.read_bytes(), path.relative_to(folder).as_posix()
            digest.update(name.encode() + b"\0" + body)
            kind = mimetypes.types_map.get(path.suffix, "application/octet-stream")
            packed = gzip.compress(body, 9) if path.suffix in PACKED else None
            self._assets[name] = Asset(body, packed, "text/javascript" if path.suffix == ".js" else kind)
        self._digest = digest.hexdigest()[:12]

    def url(self, name: str) -> str:
        """KeyError for a file that is not there: a page never names one in vain."""
        self._assets[name]
        return f"/static/{self._digest}/{name}"

    def modules_of(self, name: str) -> list[str]:
        """What a module needs, however far down: named in the page, all of it comes at once instead of link by link."""
        found: list[str] = []
        coming = [name]
        while coming:
            for needed in IMPORT.findall(self._assets[coming.pop(0)].body):
                if (one := needed.decode()) not in (*found, name):
                    found.append(one)
                    coming.append(one)
        return found

    async def serve(self, request: Request) -> Response:
        asset = self._assets.get(request.path_params["name"])
        if asset is None:
            return PlainTextResponse("not_found", 404)
        current = request.path_params["digest"] == self._digest
        headers = {"Cache-Control": FOR_EVER if current else "no-cache", "Vary": "Accept-Encoding"}
        if asset.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(asset.packed, media_type=asset.kind, headers={**headers, "Content-Encoding": "gzip"})
        return Response(asset.body, media_type=asset.kind, headers=headers)
