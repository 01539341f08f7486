"""Checks on what everything stands on: chains, streams, inboxes, dead letters."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from shared.infra.event_record import chain_is_whole
from tests.support.chaos.books import Books, Chain, Recorded
from tests.support.chaos.digests import digest_of


def chains_are_whole(books: Books) -> Iterator[str]:
    """Every event of every chain stands where its hash says, up to the head."""
    chains = _by_chain(books)
    for name in chains.keys() | books.heads.keys():
        links = sorted(chains.get(name, ()), key=lambda event: event.sequence)
        if not chain_is_whole((event.sequence, dict(event.envelope), event.hash) for event in links):
            yield f"{name[0]}: the chain {name[1]} is broken"
        elif not links or books.heads.get(name) != (links[-1].sequence, links[-1].hash):
            yield f"{name[0]}: the chain {name[1]} does not end at its head"


def streams_have_what_is_on_record(books: Books) -> Iterator[str]:
    """Each recorded event once in the stream, and nothing else there."""
    recorded: dict[str, set[str]] = defaultdict(set)
    for event in books.events:
        recorded[event.service].add(event.event_id)
    for service in recorded.keys() | books.streamed.keys():
        streamed = Counter(one.event_id for one in books.streamed.get(service, ()))
        yield from (
            f"{service}: {one} is on record and not in the stream" for one in recorded[service] - streamed.keys()
        )
        yield from (
            f"{service}: {one} is in the stream and not on record" for one in streamed.keys() - recorded[service]
        )


def streams_say_what_is_on_record(books: Books) -> Iterator[str]:
    """Each message has the body of the recorded event whose id it has."""
    recorded = {event.event_id: digest_of(event.envelope) for event in books.events}
    for service, messages in books.streamed.items():
        for one in messages:
            if recorded.get(one.event_id, one.digest) != one.digest:
                yield f"{service}: {one.event_id} says something else in the stream than on record"


def streams_have_nothing_twice(books: Books) -> Iterator[str]:
    for service, messages in books.streamed.items():
        times = Counter(one.event_id for one in messages)
        yield from (f"{service}: {one} is in the stream {n} times" for one, n in times.items() if n > 1)


def streams_keep_the_order_of_chains(books: Books) -> Iterator[str]:
    place = {one: (event.service, event.chain, event.sequence) for event in books.events for one in (event.event_id,)}
    for service, messages in books.streamed.items():
        last: dict[Chain, int] = {}
        for one in dict.fromkeys(message.event_id for message in messages):
            if one not in place:
                continue
            _, chain, sequence = place[one]
            if sequence < last.get((service, chain), 0):
                yield f"{service}: {one} comes after a later one of its chain"
            last[service, chain] = sequence


def inboxes_are_at_the_head(books: Books) -> Iterator[str]:
    """Every consumer has applied every chain it reads, to its end."""
    for (source, chain), links in _by_chain(books).items():
        for consumer in books.readers:
            reads = consumer.source == source and (not consumer.nouns or links[0].noun in consumer.nouns)
            done = books.applied.get((consumer.reader, source, chain), 0)
            if reads and done != len(links):
                yield f"{consumer.name} is at {done} of {len(links)} in the chain {chain}"


def poison_is_kept(books: Books) -> Iterator[str]:
    """What a consumer can never apply is not swallowed: it stands as a dead letter, with what waits behind it."""
    yield from (f"poison is not kept: {letter}" for letter in books.unkept)


def no_dead_letters(books: Books) -> Iterator[str]:
    yield from (f"dead letter: {letter}" for letter in books.dead_letters)


def _by_chain(books: Books) -> dict[Chain, list[Recorded]]:
    chains: dict[Chain, list[Recorded]] = defaultdict(list)
    for event in books.events:
        chains[event.service, event.chain].append(event)
    return chains
