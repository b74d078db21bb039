"""What the network alone reaches on our own dev part, without rules: to follow the training."""

import numpy as np
import torch
from material import put_together

from feedback_nlp.tagging.readings import SIDES


def figures(network, cutter, items, sources, size=32):
    """Return theme F1 (top themes, best single threshold), polarity and sentiment accuracy."""
    network.eval()
    order = sorted(range(len(items)), key=lambda at: len(items[at].text))
    tops, truth, sides, moods, empties = [], [], [], [], []
    for first in range(0, len(order), size):
        part = [items[at] for at in order[first : first + size]]
        batch = put_together([cutter(item) for item in part], sources)
        with torch.inference_mode():
            said = network(batch)
        inside = batch["inside"][:, :, None]
        strongest = said["tops"].masked_fill(~inside, -30)
        tops.append(strongest.amax(1).numpy())
        truth.append(batch["tops"].numpy() > 0)
        pooled = (said["side_of"] * strongest.softmax(1)[..., None]).sum(1).argmax(-1).numpy()
        for at, item in enumerate(part):
            for top, side in item.tops.items():
                if side in SIDES:
                    sides.append(pooled[at, cutter.top[top]] == SIDES.index(side))
            if item.sentiment and max(item.sentiment) == 1:
                moods.append(said["whole"][at].argmax().item() == np.argmax(item.sentiment))
            empties.append((said["empty"][at].item() > 0) == bool(item.empty))
    tops, truth = np.vstack(tops), np.vstack(truth)
    f1 = [
        2 * ((tops > cut) & truth).sum() / ((tops > cut).sum() + truth.sum())
        for cut in np.arange(-2.5, 1.1, 0.25)
    ]
    found = {"theme_f1": max(f1), "polarity": np.mean(sides), "sentiment": np.mean(moods),
             "empty": np.mean(empties)}  # fmt: skip
    return {name: round(float(value), 4) for name, value in found.items()}
