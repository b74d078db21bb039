"""Teach the encoder: themes, polarity of each, sentiment and what says nothing, all at once.

    python training/accurate/train.py WORK CORPORA [--threads 2]

Learns from the train part of ``data/labelled`` and of the data sets in CORPORA that may be shipped
from. Writes WORK/run: ``curve.csv``, ``state.pt`` every few hundred steps (a run that was stopped
goes on from it) and in the end ``export.safetensors``. About half an hour of two cores.
"""

import argparse
import csv
import time
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

ROOT = Path(__file__).parents[2]
TIMES = {
    OWN: 2.5, "mams_acsa_en": 0.8, "sentihood_en": 0.2, "nhs_fft_en": 0.5,
    "norec_sentence_no": 0.6, "ltec_lv": 0.7, "tweets_buls_lv": 0.15,
}  # fmt: skip
NEUTRAL = "norec_sentence_no"  # a fifth of it is kept for the weighing of sentiment
PASSES, BATCH, FROZEN = 2, 16, 2
BODY, HEAD = 7e-5, 5e-4  # learning rates
WARM = 0.06
ASKED = 0.7  # how often the question is shown
SAVE = 300  # steps
SEED = 5


def pools_of(corpora, themes):
    pools = {OWN: own_items(ROOT / "data" / "labelled", "train", themes)}
    for name in TIMES:
        if name != OWN:
            pools[name] = other_items(
                corpora, name, themes, lambda at, n=name: n != NEUTRAL or at % 5
            )
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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", type=Path)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--passes", type=int, default=PASSES)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(SEED)
    run = options.work / "run"
    run.mkdir(parents=True, exist_ok=True)
    themes = themes_of_default()
    cutter = Cutter(Tokenizer.from_file(str(options.work / "base" / "tokenizer.json")), themes)
    pools = pools_of(options.corpora, themes)
    dev = own_items(ROOT / "data" / "labelled", "dev", themes)
    say({name: len(pool) for name, pool in pools.items()}, "dev", len(dev))
    sources = list(pools)
    plan = []
    for turn in range(options.passes):
        items = chosen_for_a_pass(pools, TIMES, SEED + turn)
        plan += in_batches(items, BATCH, SEED + turn)
    network = Network(options.work / "base", len(themes.ids), len(themes.tops), len(sources))
    network.freeze(FROZEN)
    optimizer = optimizer_of(network)
    first, state = 0, run / "state.pt"
    if state.exists():
        kept = torch.load(state, weights_only=True)
        network.load_state_dict(kept["network"])
        optimizer.load_state_dict(kept["optimizer"])
        first = kept["step"]
    top_of = torch.from_numpy(themes.top_of)
    steps, began, sums, texts = len(plan), time.perf_counter(), {}, 0
    say(f"{steps} steps, from {first}")
    with (run / "curve.csv").open("a", newline="") as file:
        curve = csv.writer(file, lineterminator="\n")
        if not first:
            curve.writerow(["step", "what", "value"])
        for step in range(first, steps):
            random = np.random.default_rng((SEED, step))
            torch.manual_seed(SEED * 1_000_000 + step)
            cuts = [cutter(item, random.random() < ASKED) for item in plan[step]]
            network.train()
            for group, most in zip(optimizer.param_groups, (BODY, BODY, HEAD), strict=True):
                group["lr"] = most * rate(step + 1, steps + 1)
            batch = put_together(cuts, sources)
            with torch.autocast(
                "cpu", dtype=torch.bfloat16
            ):  # twice as fast where the processor has it
                said = network(batch)
            said = {name: value.float() for name, value in said.items()}
            parts = loss_of(said, batch, top_of, network.habit)
            optimizer.zero_grad(set_to_none=True)
            sum(parts.values()).backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            texts += len(cuts)
            for name, value in parts.items():
                sums.setdefault(name, []).append(value.item())
            if step % 50 == 49:
                mean = {name: round(float(np.mean(values)), 4) for name, values in sums.items()}
                pace = texts / (time.perf_counter() - began)
                say(f"{step + 1}/{steps} {pace:.1f} texts/s", mean)
                curve.writerows([step + 1, name, value] for name, value in mean.items())
                file.flush()
                sums = {}
            if step % SAVE == SAVE - 1:
                fresh = state.with_suffix(".new")
                torch.save({"network": network.state_dict(), "optimizer": optimizer.state_dict(),
                            "step": step + 1}, fresh)  # fmt: skip
                fresh.replace(state)
            if step + 1 in (steps // 2, steps):
                found = figures(network, cutter, dev, sources)
                say("dev", found)
                curve.writerows([step + 1, f"dev {name}", value] for name, value in found.items())
                file.flush()
    network.write(run / "export.safetensors")


if __name__ == "__main__":
    main()
