"""Names on the wire: subjects, streams and consumers. No id ever stands in a subject."""

from collections.abc import Mapping
from dataclasses import dataclass

SERVICES = ("intake", "dispatch", "escalation", "notification")
"""Those that tell events: each has a stream."""

CONSOLE = "console"
"""The one with screens: it reads all the others' events and tells none of its own."""

EVERY_SERVICE = (*SERVICES, CONSOLE)


def event_subject(centre: str, event_type: str) -> str:
    """`muster.qz.dispatch.work_order.signed_off`"""
    return f"muster.{centre}.{event_type}"


def request_subject(centre: str, service: str, name: str) -> str:
    return f"muster.{centre}.request.{service}.{name}"


@dataclass(frozen=True, slots=True)
class Stream:
    """Everything one service publishes, kept in order."""

    service: str

    @property
    def name(self) -> str:
        return f"MUSTER_{self.service.upper()}"

    @property
    def subjects(self) -> list[str]:
        return [f"muster.*.{self.service}.>"]


@dataclass(frozen=True, slots=True)
class Consumer:
    """One service's durable place in another's stream.

    It reads all of it, or just the nouns named: those have chains of their own, so a gap in a chain is a real gap.
    """

    reader: str
    source: str
    nouns: tuple[str, ...] = ()

    def durable(self, centre: str) -> str:
        return f"{centre}-{self.reader}-from-{self.source}"

    @property
    def name(self) -> str:
        return f"{self.reader}-from-{self.source}"

    def subjects(self, centre: str) -> list[str]:
        every = f"muster.{centre}.{self.source}"
        return [f"{every}.{noun}.>" for noun in self.nouns] or [f"{every}.>"]


STREAMS = tuple(Stream(service) for service in SERVICES)
# Who reads what of whom: everything (no nouns), or just some nouns. What clocks do is most of what escalation tells,
# and concerns nobody but those who look at it. What a ladder calls for beside notices, escalation does itself: it reads
# that of its own, so that it is done once, in order, and after an outage too.
READS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "intake": {"dispatch": (), "escalation": ("arrival", "verification")},
    "dispatch": {"intake": (), "escalation": ("arrival", "verification"), "notification": ("notice",)},
    "escalation": {"intake": (), "dispatch": (), "notification": ("notice",), "escalation": ("ladder",)},
    "notification": {"dispatch": (), "escalation": ("notice", "supervision", "appeal", "referral")},
    CONSOLE: {"intake": (), "dispatch": (), "escalation": ()},
}
CONSUMERS = tuple(
    Consumer(reader, source, nouns) for reader, sources in READS.items() for source, nouns in sources.items()
)


LIVE_STREAM = "MUSTER_LIVE"
"""Changed rows on their way to the screens: in memory, for a quarter of an hour. Truth is the console's own table."""

LIVE_SUBJECTS = ("muster.*.live.row",)


def live_subject(centre: str) -> str:
    return f"muster.{centre}.live.row"
