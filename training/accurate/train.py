"""Teach the encoder: themes, polarity of each, sentiment and what says nothing, all at once.

    python training/accurate/train.py WORK CORPORA [--threads 2]

Learns from the train part of ``data/labelled``, from comments made of turns of phrase (``turns``)
or told in so many words (``told``), and from the data sets in CORPORA that may be shipped from.
Writes WORK/run: ``curve.csv``, ``state.pt`` every few hundred steps (a run that was stopped goes
on from it) and in the end ``export.safetensors``. With ``--after`` it begins with the weights of a
run that has ended, or of a mean of some, at half the learning rates. Two hours of two cores, with
``--passes 1`` 25 minutes; on Linux a tenth less with ``MALLOC_MMAP_MAX_=0
MALLOC_TRIM_THRESHOLD_=17179869184`` before it, so that memory is not given back to the system
between batches.
"""

import argparse
import csv
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np
import torch
from evaluate import figures
from material import (
    OWN,
    Cutter,
    chosen_for_a_pass,
    in_batches,
    other_items,
    own_items,
    put_together,
    say,
    themes_of_default,
)
from network import Network, loss_of
from tokenizers import Tokenizer
from told import TOLD, told_items
from turns import TURNS, turned_items

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "training" / "compact"))
from examples import learnt_from  # noqa: E402

TIMES = {
    OWN: 2, TURNS: 0.5, TOLD: 2, "mams_acsa_en": 0.8, "sentihood_en": 0.2, "nhs_fft_en": 0.4,
    "norec_sentence_no": 0.9, "ltec_lv": 0.8, "tweets_buls_lv": 0.15,
    "skytrax_lounge_en": 0.25, "skytrax_seat_en": 0.25,
}  # fmt: skip
TURNED = 10_500  # comments made of turns of phrase
PASSES, BATCH, FROZEN = 5, 16, 2
BODY, HEAD = 7e-5, 5e-4  # learning rates
WARM = 0.06
AFTER = 0.5  # of the learning rates, in a run after another
ASKED = 0.7  # how often the question is shown
SAVE, SHOWN = 300, 50  # steps
SEED = 5


def pools_of(corpora, themes, seed):
    pools = {OWN: own_items(ROOT / "data" / "labelled", "train", themes)}
    pools[TURNS] = [item for _, item in turned_items(TURNED, seed, themes)]
    pools[TOLD] = [item for _, item in told_items(seed, themes)]
    for name in TIMES:
        if name not in pools:
            pools[name] = other_items(corpora, name, themes, partial(learnt_from, name))
    return pools


def optimizer_of(network):
    heads = [*network.heads.parameters(), *network.habit.parameters()]
    body = [p for p in network.encoder.parameters() if p.requires_grad]
    return torch.optim.AdamW(
        [{"params": [p for p in body if p.ndim > 1], "lr": BODY, "weight_decay": 0.01},
         {"params": [p for p in body if p.ndim < 2], "lr": BODY, "weight_decay": 0.0},
         {"params": heads, "lr": HEAD, "weight_decay": 0.0}],
    )  # fmt: skip


def rate(step, steps):
    """Return the share of the learning rate: up, then down in a straight line."""
    warm = WARM * steps
    return step / warm if step < warm else (steps - step) / (steps - warm)


def plan_of(pools, passes, seed):
    """Return the batches of a whole run."""
    plan = []
    for turn in range(passes):
        items = chosen_for_a_pass(pools, TIMES, seed + turn)
        plan += in_batches(items, BATCH, seed + turn)
    return plan


def one_step(network, optimizer, batch, top_of, share):
    """Learn from a batch, and return the loss of each part."""
    network.train()
    for group, most in zip(optimizer.param_groups, (BODY, BODY, HEAD), strict=True):
        group["lr"] = most * share
    with torch.autocast("cpu", dtype=torch.bfloat16):  # twice as fast where a processor has it
        said = network(batch)
    said = {name: value.float() for name, value in said.items()}
    parts = loss_of(said, batch, top_of, network.habit)
    optimizer.zero_grad(set_to_none=True)
    sum(parts.values()).backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimizer.step()
    return {name: value.item() for name, value in parts.items()}


class Curve:
    """How far it is, in a file and on the screen."""

    def __init__(self, path, steps, first):
        self.path, self.steps, self.sums = path, steps, {}
        self.began, self.texts = time.perf_counter(), 0
        if not first:
            path.write_text("step,what,value\n")

    def add(self, step, parts, texts):
        self.texts += texts
        for name, value in parts.items():
            self.sums.setdefault(name, []).append(value)
        if step % SHOWN == 0:
            self.tell(step, {name: np.mean(values) for name, values in self.sums.items()})
            self.sums = {}

    def tell(self, step, figures):
        rounded = {name: round(float(value), 4) for name, value in figures.items()}
        pace = self.texts / (time.perf_counter() - self.began)
        say(f"{step}/{self.steps} {pace:.1f} texts/s", rounded)
        with self.path.open("a", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerows([step, name, value] for name, value in rounded.items())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", type=Path)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--passes", type=int, default=PASSES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--after", type=Path, help="WORK of a run that has ended, or of a mean")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    run = options.work / "run"
    run.mkdir(parents=True, exist_ok=True)
    themes = themes_of_default()
    cutter = Cutter(Tokenizer.from_file(str(options.work / "base" / "tokenizer.json")), themes)
    pools = pools_of(options.corpora, themes, options.seed)
    dev = own_items(ROOT / "data" / "labelled", "dev", themes)
    say({name: len(pool) for name, pool in pools.items()}, "dev", len(dev))
    sources = [name for name in pools if name not in (TURNS, TOLD)]  # these two are ours
    plan = plan_of(pools, options.passes, options.seed)
    network = Network(options.work / "base", len(themes.ids), len(themes.tops), len(sources))
    network.freeze(FROZEN)
    optimizer, top_of = optimizer_of(network), torch.from_numpy(themes.top_of)
    first, state, steps = 0, run / "state.pt", len(plan)
    most = AFTER if options.after else 1.0
    if options.after:
        network.read(options.after / "run" / "export.safetensors")
    if state.exists():
        kept = torch.load(state, weights_only=True)
        network.load_state_dict(kept["network"])
        optimizer.load_state_dict(kept["optimizer"])
        first = kept["step"]
    curve = Curve(run / "curve.csv", steps, first)
    for step in range(first, steps):
        random = np.random.default_rng((options.seed, step))
        torch.manual_seed(options.seed * 1_000_000 + step)
        cuts = [cutter(item, random.random() < ASKED) for item in plan[step]]
        share = most * rate(step + 1, steps + 1)
        parts = one_step(network, optimizer, put_together(cuts, sources), top_of, share)
        done = step + 1
        curve.add(done, parts, len(cuts))
        if done % SAVE == 0:
            fresh = state.with_suffix(".new")
            torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(),
                        "step": done}, fresh)  # fmt: skip
            fresh.replace(state)
        if done in (steps // 2, steps):
            found = figures(network, cutter, dev, sources)
            curve.tell(done, {f"dev {name}": value for name, value in found.items()})
    network.write(run / "export.safetensors")


if __name__ == "__main__":
    main()
