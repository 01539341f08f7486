"""What a copy of a service has to know to begin: handed over in a private file, as addresses have passwords in them."""

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from deploy.embedded.folders import write_private
from deploy.embedded.running import ServerAddresses

PLACE, CLOCK, KEYS = "place.json", "clock.json", "vault.keys"


class Place(BaseModel):
    model_config = ConfigDict(frozen=True)

    folder: Path
    centre: str
    addresses: ServerAddresses

    @property
    def clock_file(self) -> Path:
        return self.folder / CLOCK

    @property
    def key_file(self) -> Path:
        return self.folder / KEYS

    def write(self) -> Path:
        file = self.folder / PLACE
        write_private(file, self.model_dump_json())
        return file

    @classmethod
    def read(cls, file: Path) -> Self:
        return cls.model_validate_json(file.read_text(encoding="utf-8"))
