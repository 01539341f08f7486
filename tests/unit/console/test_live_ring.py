"""Whatever happens between page, stream and line, what a screen shows in the end is the truth."""

from dataclasses import dataclass, field
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.console.policy.board import LiveRow, Row
from services.console.web.live import Hub

RING = 4
CASES = [UUID(int=number) for number in range(1, 4)]


@dataclass
class Truth:
    """The table, and the stream of announcements: at least once, in any number, always some newest state."""

    hub: Hub = field(default_factory=lambda: Hub(ring_max=RING))
    rows: dict[UUID, LiveRow] = field(default_factory=dict[UUID, LiveRow])
    version: int = 0
    sequence: int = 0
    epochs: int = 1
    waiting: list[LiveRow] = field(default_factory=list[LiveRow])

    def __post_init__(self) -> None:
        self.hub.begin("1", 0)

    def change(self, case: UUID, *, shown: bool) -> None:
        self.version += 1
        row = Row(code=f"{case.int}/{self.version}", shown=shown)
        self.rows[case] = LiveRow(id=case, version=self.version, row=row)
        self.waiting.append(self.rows[case])

    def announce(self, *, twice: bool) -> None:
        for live in [one for one in self.waiting for _ in range(1 + twice)]:
            self.sequence += 1
            self.hub.add(self.sequence, live)
        self.waiting.clear()

    def lose_the_broker(self) -> None:
        """Its memory is gone: another epoch, counting from one again. What was not announced yet is kept by us."""
        self.epochs, self.sequence = self.epochs + 1, 0
        self.hub.begin(str(self.epochs), 0)

    def shown(self) -> dict[UUID, int]:
        return {case: live.version for case, live in self.rows.items() if live.row.shown}


@dataclass
class Screen:
    """What static/live.js does: a higher version replaces, a gone row stays gone, a list read anew drops the rest."""

    truth: Truth
    number: str = ""
    rows: dict[UUID, LiveRow] = field(default_factory=dict[UUID, LiveRow])
    since: dict[UUID, int] = field(default_factory=dict[UUID, int])
    listed: tuple[str, list[LiveRow]] | None = None

    def begin_to_load(self) -> None:
        """The number first, then the rows: whatever changes now is in the stream after that number."""
        number = self.truth.hub.number
        self.listed = number, list(self.truth.rows.values())

    def finish_loading(self, *, anew: bool) -> None:
        assert self.listed is not None
        number, rows = self.listed
        self.listed = None
        if anew:
            self.rows, self.since = {}, {}
        for live in rows:
            self.take(live, 0)
        listed, sequence = {live.id for live in rows}, int(number.rpartition("-")[2])
        for case in [c for c in self.rows if c not in listed and self.since.get(c, 0) <= sequence]:
            del self.rows[case]
        if anew or self.number == "":
            self.number = number

    def take(self, live: LiveRow, sequence: int) -> None:
        if (case := self.rows.get(live.id)) and live.version <= case.version:
            return
        self.rows[live.id], self.since[live.id] = live, sequence

    def read_stream(self) -> bool:
        """Everything after our number; False where the list has to be read anew."""
        frames = self.truth.hub.after(self.number)
        if frames is None:
            self.number = self.truth.hub.number
            return False
        for frame in frames:
            self.take(frame.live, frame.sequence)
            self.number = f"{self.number.rpartition('-')[0]}-{frame.sequence}"
        return True

    def shown(self) -> dict[UUID, int]:
        return {case: live.version for case, live in self.rows.items() if live.row.shown}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("change"), st.sampled_from(CASES), st.booleans()),
        st.tuples(st.just("announce"), st.none(), st.booleans()),
        st.tuples(
            st.sampled_from(["begin to load", "finish loading", "read", "broker lost"]), st.none(), st.booleans()
        ),
    ),
    max_size=40,
)


@settings(max_examples=300, deadline=None)
@given(STEPS)
def test_any_interleaving_ends_equal_to_the_truth(steps: list[tuple[str, UUID | None, bool]]) -> None:
    truth = Truth()
    screen = Screen(truth)
    for step, case, flag in steps:
        play(step, case, flag, truth, screen)
    truth.announce(twice=False)
    while screen.number == "" or not screen.read_stream():  # the line holds from here on
        screen.begin_to_load()
        screen.finish_loading(anew=False)
    if screen.listed:
        screen.finish_loading(anew=False)  # a list that was slow to come must not bring old rows back
    assert screen.shown() == truth.shown()


def play(step: str, case: UUID | None, flag: bool, truth: Truth, screen: Screen) -> None:
    if step == "change" and case is not None:
        truth.change(case, shown=flag)
    elif step == "announce":
        truth.announce(twice=flag)
    elif step == "broker lost":
        truth.lose_the_broker()
    elif step == "begin to load":
        screen.begin_to_load()
    elif step == "finish loading" and screen.listed:
        screen.finish_loading(anew=flag)
    elif step == "read" and screen.number and not screen.read_stream():
        screen.begin_to_load()


def test_who_fell_out_of_the_ring_is_told_to_read_anew() -> None:
    truth = Truth()
    for _ in range(RING + 1):
        truth.change(CASES[0], shown=True)
        truth.announce(twice=False)
    assert truth.hub.after("1-0") is None
    assert truth.hub.after("1-1") is not None
    for wrong in ("", "1-x", "0-3", "x", "1--1"):
        assert truth.hub.after(wrong) is None, wrong


def test_without_versions_an_old_row_would_come_back() -> None:
    """The negative control: what the version is for."""
    truth = Truth()
    truth.change(CASES[0], shown=True)
    screen = Screen(truth)
    screen.begin_to_load()
    truth.change(CASES[0], shown=False)
    truth.announce(twice=False)
    assert screen.listed is not None
    stale = screen.listed[1][0]
    screen.number = "1-0"
    screen.read_stream()
    assert screen.shown() == {}
    screen.rows[stale.id] = stale  # taken without looking at its version
    assert screen.shown() != truth.shown()
