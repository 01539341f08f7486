"""What is wrong with a pack: each fault names its file, its line and what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault. `line` counts from 1; 0 stands for the whole file."""

    file: str
    line: int
    what: str
    advice: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}. {self.advice}."


class PackFaulty(Exception):
    """The pack was refused as a whole; nothing of it was taken. `faults` is never empty."""

    code = "pack_faulty"
    what = "the centre pack"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        noun = "fault" if len(faults) == 1 else "faults"
        super().__init__("\n".join([f"{self.what} has {len(faults)} {noun}:", *map(str, faults)]))
