"""What a run tells beside its faults: which recovery from a single kill was slow."""

from tests.support.chaos.fault_plan import Fault, Kind
from tests.support.chaos.outcome import RECOVERY_MAX_S, slow_recoveries


def blow(number: int, kind: Kind) -> Fault:
    return Fault(number, kind, lot=0.5, seconds=0.0, times=2)


def test_only_a_single_kill_that_was_felt_too_long_is_slow() -> None:
    felt = [
        (blow(1, Kind.KILL_NATS), RECOVERY_MAX_S + 0.1),
        (blow(2, Kind.KILL_INTAKE), RECOVERY_MAX_S),
        (blow(3, Kind.NATS_AWAY), 60.0),
    ]
    assert slow_recoveries(felt) == [f"after blow 1 ({Kind.KILL_NATS.value}) the first case took 5.1 s"]
