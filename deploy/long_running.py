"""What a process that runs for days asks of Python."""

import gc

LOOK_EVERY = 50_000


def settle_memory() -> None:
    """Once everything is there: it is not looked through for garbage again, and what comes after it less often.

    Code, models and packs are some hundred thousand objects that never go; to look through them at each turn cost a
    tenth of the processor under load.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(LOOK_EVERY)
