"""A text with named gaps. Only the words listed here can fill one: what has no name here cannot be said."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

SUBJECT_CHARACTERS_MAX = 40

FIELDS = frozenset(
    {
        "centre",  # the centre's title
        "who",  # the unit; the desk or window that owes a stage where no unit does
        "about",  # case code, and category and place where they are known; that a drill is one
        "code",  # the case code
        "category",
        "place",
        "level",
        "stage",
        "due",  # day and time, local time of the centre
        "due_time",
        "left",  # how much time is left, or by how much it was missed
        "starts",
        "ends",
        "prelude",  # why it comes now: rung again, or nobody before could be reached
        "part",  # lead or supporter
        "cause",  # why a work order was reopened, or a referral proposed
        "order",  # a supervision order, by its level
        "duty",  # the register nobody is in
        "outgoing",  # the post that hands over
        "open_cases",
        "summonses",
        "mode",  # the one the centre is in (平战)
        "mode_before",
    }
)


@dataclass(frozen=True, slots=True)
class Template:
    """ValueError for a gap that no field of the list may fill."""

    subject: str
    body: str

    def __post_init__(self) -> None:
        for part in (self.subject, self.body):
            for _, name, spec, conversion in Formatter().parse(part):
                if name is not None and (name not in FIELDS or spec or conversion):
                    raise ValueError(f"a text may not say {{{name}}}; it may say: {', '.join(sorted(FIELDS))}")

    def fill(self, words: Mapping[str, str]) -> tuple[str, str]:
        """Subject and body. A subject that is too long is cut, with a mark."""
        subject = self.subject.format_map(words).strip()
        if len(subject) > SUBJECT_CHARACTERS_MAX:
            subject = subject[: SUBJECT_CHARACTERS_MAX - 1] + "…"
        return subject, self.body.format_map(words).strip()
