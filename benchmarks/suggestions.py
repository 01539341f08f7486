"""How good the suggested categories are, on the labelled ones of the real messages, and what they cost.

The pack is made for the occasion: its categories are the classes of the labels, its keywords the names of the second
and third level below each class in the classification that came with the messages. No message had a say in it.
How strongly to fit and how much keywords count beside a history were chosen by cross-validation on the earlier 70 % of
the messages; the later 30 % are the judge. The length of the n-grams was chosen by cross-validation over all of them.
"""

import csv
import os
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import mean, quantiles
from typing import Any, NamedTuple

from shared.centre.load import load_pack
from shared.centre.pack import Category, CentrePack
from shared.suggest import Keywords, Learned, suggest, without_persons
from shared.suggest.training import fit

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
PACK = ROOT / "tests" / "packs" / "lettered-places"
EARLIER = 0.7
FOLDS, SEED = 5, 20_260_101
GENERAL_ENDINGS = ("管理", "监管")
SAYS_NOTHING = "其他"


class Message(NamedTuple):
    received_at: str
    matter: str
    label: str


def measure() -> dict[str, Any]:
    if not DATA.exists():
        return {"measured": False, "why": "the real messages are not here"}
    messages = labelled()
    pack = pack_of_classes(messages)
    cut = round(len(messages) * EARLIER)
    codes = {category.name: category.code for category in pack.categories}
    by_time = judged(pack, [(messages[:cut], messages[cut:])], codes)
    return {
        "labelled": len(messages),
        "classes": dict(Counter(message.label for message in messages).most_common()),
        "by_time": {"learned_from": cut, "judged_on": len(messages) - cut, **by_time},
        "by_folds": {"folds": FOLDS, "seed": SEED, **judged(pack, folds(messages), codes)},
        "a_class_never_seen": never_seen(pack, messages, codes),
        "cost": cost(pack, messages, codes),
    }


# -- the material ------------------------------------------------------------------------------------------------------


def labelled() -> list[Message]:
    """By time."""
    with (DATA / "messages.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["category"]]
    return sorted(Message(row["received_at"], f"{row['subject']}\n{row['body']}", row["category"]) for row in rows)


def pack_of_classes(messages: Sequence[Message]) -> CentrePack:
    labels = {message.label for message in messages}
    named: dict[str, set[str]] = defaultdict(set)
    with (DATA / "categories.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            named[row["level_1"]].update(words_of(row["level_2"]), words_of(row["level_3"]))
    pack = load_pack(PACK)
    categories = tuple(
        Category(code=category.code, name=category.name, keywords=tuple(sorted(named[category.name])))
        for category in pack.categories
        if category.name in labels
    )
    assert {category.name for category in categories} == labels
    return pack.model_copy(update={"categories": categories})


def words_of(name: str) -> set[str]:
    """A name of the classification as keywords: its parts, without the endings that fit anything."""
    parts = (
        name.replace("与", "、")
        .replace("和", "、")
        .replace("及", "、")
        .replace("“", "、")
        .replace("”", "、")
        .split("、")
    )
    found = {part for part in parts if len(part) > 1 and SAYS_NOTHING not in part}
    for ending in GENERAL_ENDINGS:
        found = {part.removesuffix(ending) if len(part) - len(ending) > 1 else part for part in found}
    return found


def folds(messages: Sequence[Message]) -> list[tuple[list[Message], list[Message]]]:
    from sklearn.model_selection import StratifiedKFold

    splitter = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    labels = [message.label for message in messages]
    return [([messages[at] for at in a], [messages[at] for at in b]) for a, b in splitter.split(labels, labels)]


# -- the judgement -----------------------------------------------------------------------------------------------------


def judged(
    pack: CentrePack, splits: Sequence[tuple[Sequence[Message], Sequence[Message]]], codes: Mapping[str, str]
) -> dict[str, Any]:
    keywords, mute = Keywords(pack), Keywords(without_words(pack))
    found: dict[str, list[tuple[str, list[tuple[str, float]]]]] = defaultdict(list)
    for learn_from, judge_on in splits:
        learned = learn(learn_from, codes)
        ways: dict[str, tuple[Keywords, Learned | None]] = {
            "keywords_alone": (keywords, None),
            "history_alone": (mute, learned),
            "both": (keywords, learned),
        }
        for way, (words, model) in ways.items():
            found[way] += [(codes[one.label], ranked(words, model, one.matter)) for one in judge_on]
    names = {code: name for name, code in codes.items()}
    return {way: figures(results, names) for way, results in found.items()}


def without_words(pack: CentrePack) -> CentrePack:
    """Nothing a text could contain points to a category."""
    bare = tuple(Category(code=one.code, name=f"\u2400{one.code}") for one in pack.categories)
    return pack.model_copy(update={"categories": bare})


def learn(messages: Sequence[Message], codes: Mapping[str, str]) -> Learned:
    newest_first = sorted(messages, reverse=True)
    return Learned.from_bytes(fit([(codes[one.label], without_persons(one.matter)) for one in newest_first]))


def ranked(keywords: Keywords, learned: Learned | None, matter: str) -> list[tuple[str, float]]:
    return [(one.code, one.score) for one in suggest(keywords, learned, matter)]


def figures(results: Sequence[tuple[str, list[tuple[str, float]]]], names: Mapping[str, str]) -> dict[str, Any]:
    first = [bool(found) and found[0][0] == right for right, found in results]
    three = [right in [code for code, _ in found] for right, found in results]
    of_class: dict[str, list[int]] = {name: [] for name in names.values()}
    for at, (right, _) in enumerate(results):
        of_class[names[right]].append(at)
    recall = {name: round(mean(first[at] for at in places), 3) for name, places in of_class.items()}
    recall_three = {name: round(mean(three[at] for at in places), 3) for name, places in of_class.items()}
    return {
        "top_1": round(mean(first), 3),
        "top_3": round(mean(three), 3),
        "macro_recall": round(mean(recall.values()), 3),
        "recall_by_class": recall,
        "top_3_by_class": recall_three,
        "nothing_suggested": sum(not found for _, found in results),
        "mean_score_of_the_first": round(mean(found[0][1] if found else 0.0 for _, found in results), 3),
    }


def never_seen(pack: CentrePack, messages: Sequence[Message], codes: Mapping[str, str]) -> dict[str, float]:
    """A new category has no history yet: how often it is among the three where only its keywords speak for it."""
    keywords = Keywords(pack)
    shares: dict[str, float] = {}
    for label in sorted(codes):
        learned = learn([one for one in messages if one.label != label], codes)
        of_label = [one for one in messages if one.label == label]
        hits = [codes[label] in [code for code, _ in ranked(keywords, learned, one.matter)] for one in of_label]
        shares[label] = round(mean(hits), 3)
    return {"macro_top_3": round(mean(shares.values()), 3), **shares}


# -- the cost ----------------------------------------------------------------------------------------------------------


def cost(pack: CentrePack, messages: Sequence[Message], codes: Mapping[str, str]) -> dict[str, Any]:
    lines = [f"{codes[one.label]}\t{without_persons(one.matter)}" for one in sorted(messages, reverse=True)]
    packed, trained_s, peak_mb = train_apart(lines)
    learned = Learned.from_bytes(packed)
    everything, many_s, many_peak_mb = train_apart(many_lines())
    large = Learned.from_bytes(everything)
    keywords = Keywords(pack)
    return {
        "training_s": {"labelled": round(trained_s, 1), "5839_cases_60_categories": round(many_s, 1)},
        "training_peak_mb_of_its_own_process": {"labelled": peak_mb, "5839_cases_60_categories": many_peak_mb},
        "model_mb": {
            "labelled": round(learned.bytes_held / 1e6, 2),
            "5839_cases_60_categories": round(large.bytes_held / 1e6, 2),
        },
        "held_by_the_service_mb": {"labelled": held_mb(packed), "5839_cases_60_categories": held_mb(everything)},
        "one_suggestion_ms": percentiles(lambda text: ranked(keywords, learned, text)),
        "one_reading_of_60_categories_ms": percentiles(large.probabilities),
        "import_of_what_suggests": imported(),
    }


def many_lines() -> list[str]:
    """All messages under sixty categories drawn by the text's own length: for the cost only, they mean nothing."""
    return [f"c{len(text) % 60:02}\t{without_persons(text)}" for text in all_texts()]


def all_texts() -> list[str]:
    with (DATA / "messages.csv").open(encoding="utf-8", newline="") as file:
        return [f"{row['subject']}\n{row['body']}" for row in csv.DictReader(file)]


def train_apart(lines: Sequence[str]) -> tuple[bytes, float, float]:
    """As the service does it."""
    began = time.monotonic()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    command = [sys.executable, "-c", TRAINER]
    done = subprocess.run(command, input="\n".join(lines).encode(), capture_output=True, env=environment, check=True)
    return done.stdout, time.monotonic() - began, round(int(done.stderr.split()[-1]) / 1e3, 1)


TRAINER = """
import resource, sys
from shared.suggest.training import main
main()
sys.stderr.write(str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
"""


def percentiles(suggesting: Callable[[str], object]) -> dict[str, float]:
    taken: list[float] = []
    for text in all_texts():
        began = time.perf_counter()
        suggesting(text)
        taken.append((time.perf_counter() - began) * 1e3)
    cuts = quantiles(taken, n=100)
    return {"p50": round(cuts[49], 2), "p99": round(cuts[98], 2), "max": round(max(taken), 2)}


HELD = """
import sys, psutil
import shared.suggest
packed = sys.stdin.buffer.read()
before = psutil.Process().memory_full_info().uss
learned = shared.suggest.Learned.from_bytes(packed)
learned.probabilities("路灯不亮")
print((psutil.Process().memory_full_info().uss - before) / 1e6)
"""


def held_mb(packed: bytes) -> float:
    """With the numbers library, which is loaded with the first model."""
    done = subprocess.run([sys.executable, "-c", HELD], input=packed, capture_output=True, check=True, cwd=ROOT)
    return round(float(done.stdout), 1)


IMPORTED = """
import time, psutil, sys
import shared.centre.pack
here = psutil.Process()
before, began = here.memory_full_info().uss, time.perf_counter()
import shared.suggest
ms = (time.perf_counter() - began) * 1e3
print(ms, (here.memory_full_info().uss - before) / 1e6, "sklearn" in sys.modules)
"""


def imported() -> dict[str, float | bool]:
    done = subprocess.run([sys.executable, "-c", IMPORTED], capture_output=True, text=True, check=True, cwd=ROOT)
    ms, mb, library = done.stdout.split()
    return {"ms": round(float(ms), 1), "mb": round(float(mb), 2), "loads_scikit_learn": library == "True"}
