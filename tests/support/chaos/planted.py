"""What a nemesis put on the streams beside what was recorded: known, so that it is not taken for the product's."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ExpectedLetter:
    """A consumer that cannot take a poisonous event keeps it as a dead letter.

    `mark`: the event's id, or the text of what is no event at all.
    """

    service: str
    consumer: str
    mark: str


@dataclass
class Planted:
    """`messages`: ids under which copies and poison stand in the streams; `cases`: ids that no case has."""

    messages: set[str] = field(default_factory=set[str])
    letters: list[ExpectedLetter] = field(default_factory=list[ExpectedLetter])
    marks: set[str] = field(default_factory=set[str])
    cases: set[str] = field(default_factory=set[str])
