"""Learn what weighs a network with the rules, and write the accurate tagger.

    python training/accurate/steps.py WORK CORPORA [--out models/accurate]

The network of ``WORK/run`` becomes a graph of eight bits, and all that is learnt here is learnt
from what this graph says, as the second step of the compact tagger is; how polarity is weighed,
from comments made of turns of phrase too. Takes two minutes of a core.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from safetensors.numpy import load_file
from turns import turned_items

from feedback_nlp.networks.graph import build_graph
from feedback_nlp.networks.network import NETWORK, TOKENIZER, read_network
from feedback_nlp.tagging.layers import Themes
from feedback_nlp.tagging.network import NetworkModel, NetworkScorer
from feedback_nlp.tagging.network_folder import write_network_folder
from feedback_nlp.taxonomy import load_taxonomy

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "training" / "compact"))
from examples import Row, examples_of  # noqa: E402
from second import DECIDED, Scored, learn_steps, unseen  # noqa: E402

TURNED, SEED = 2_100, 77


def scorer_of(work, themes):
    """Return the scorer of the trained weights."""
    config = json.loads((work / "base" / "config.json").read_text("utf-8"))
    graph = build_graph(load_file(work / "run" / "export.safetensors"), config)
    with tempfile.TemporaryDirectory() as made:
        (Path(made) / NETWORK).write_bytes(graph.SerializeToString())
        (Path(made) / TOKENIZER).write_bytes((work / "base" / TOKENIZER).read_bytes())
        return NetworkScorer(read_network(Path(made)), themes, config["positions"])


def turned_examples(taxonomy):
    """Return comments made of turns of phrase, others than the network learnt from."""
    made = turned_items(TURNED, SEED, Themes.of(taxonomy))
    rows = [Row(one.text, language, "", None, one.marks) for language, one in made if one.marks]
    return examples_of(rows, taxonomy, marked=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("work", type=Path)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "models" / "accurate")
    options = parser.parse_args()
    taxonomy = load_taxonomy()
    themes = Themes.of(taxonomy)
    scorer = scorer_of(options.work, themes)
    dev, neutral = unseen(options.corpora, ROOT / "data" / "labelled", taxonomy)
    print("comments are read", flush=True)
    scored = Scored(dev, scorer, themes), Scored(neutral, scorer, themes)
    turned = Scored(turned_examples(taxonomy), scorer, themes)
    steps, thresholds = learn_steps(*scored, themes, turned)
    model = NetworkModel(taxonomy, scorer, steps, thresholds, **DECIDED)
    options.out.mkdir(parents=True, exist_ok=True)
    card = options.out / "README.md"
    text = card.read_text("utf-8") if card.exists() else "# accurate\n"
    write_network_folder(model, options.out, text, None)
    print(f"{len(scorer.network.graph):,} bytes; thresholds {thresholds}")


if __name__ == "__main__":
    main()
