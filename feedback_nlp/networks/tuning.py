"""Going on with the learning of a network, on labelled texts: themes, and what is said of each.

Needs ``torch`` and ``transformers``. Graphs are read and written by ``reading`` and ``graph``.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from feedback_nlp.flat import Ints
from feedback_nlp.networks.devices import torch_device
from feedback_nlp.networks.graph import Shape, build_graph
from feedback_nlp.networks.passes import Text, best_f1

if TYPE_CHECKING:
    from torch import Tensor, nn
    from torch.optim import Optimizer

Array = NDArray[Any]
SIDES = 3  # polarities
PADDING = 1
RATE, HEAD = 5e-5, 1e-3  # learning rates: of the layers, and of what is new
FROZEN = 1 / 6  # of the layers, the first, stay as they are, and so does the table of pieces
_FAR = -30.0  # log-odds of what is not there
_RARE = -3.0  # log-odds of a new theme before anything is learnt
_NORM = 1.0  # a step is no longer than that


@dataclass(frozen=True, slots=True)
class _Scores:
    """What the network says of a batch: of pieces, and of texts where it is clearest."""

    named: "Tensor"
    strongest: "Tensor"
    sides: "Tensor"
    of: "Tensor"


class Learner:
    """A network that learns other themes; made from the weights of one that knows ours.

    Args:
        shape: Of the network.
        weights: Of the network.
        rows: Of each new theme the row of ``heads.piece`` that it begins with; −1 if there is none.
        sides: The first row of ``heads.piece`` for the polarity of anything.
        device: Where it learns: ``cpu``, ``cuda``, ``mps``.
        seed: Of what is left to chance.

    Raises:
        ModelError: There is no such device.
    """

    def __init__(
        self, shape: Shape, weights: dict[str, Array], rows: Ints, sides: int, device: str,
        seed: int,
    ) -> None:  # fmt: skip
        import torch

        torch.manual_seed(seed)
        self.device = torch_device(device)
        self.shape, self.weights, self.themes = shape, weights, len(rows)
        self.encoder = _encoder(shape, weights)
        self.head = _head(weights, rows, sides)
        self.encoder.to(self.device)
        self.head.to(self.device)

    def optimizer(self, rate: float = RATE) -> "Optimizer":
        """Return what makes the steps.

        Args:
            rate: How fast the layers learn at most.
        """
        import torch

        first = self.encoder.encoder.layer[: int(FROZEN * self.shape.layers)]
        for part in (self.encoder.embeddings.word_embeddings, *first):
            part.requires_grad_(False)
        body = [p for p in self.encoder.parameters() if p.requires_grad]
        return torch.optim.AdamW(
            [
                {"params": [p for p in body if p.ndim > 1], "most": rate, "weight_decay": 0.01},
                {"params": [p for p in body if p.ndim < 2], "most": rate, "weight_decay": 0.0},
                {"params": [*self.head.parameters()], "most": HEAD, "weight_decay": 0.0},
            ]
        )

    def step(self, optimizer: "Optimizer", texts: Sequence[Text], share: float) -> float:
        """Learn from some texts.

        Args:
            optimizer: What makes the steps.
            texts: The texts.
            share: Of the learning rate.

        Returns:
            The loss.
        """
        import torch

        self.encoder.train()
        self.head.train()
        for group in optimizer.param_groups:
            group["lr"] = group["most"] * share
        loss = self._loss(texts)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*self.encoder.parameters(), *self.head.parameters()], _NORM)
        optimizer.step()
        return float(loss.detach())

    def measure(self, texts: Sequence[Text], size: int = 32) -> tuple[float, float]:
        """Return how good it is on texts, without learning from them.

        Args:
            texts: The texts.
            size: How many at a time.

        Returns:
            F1 of all themes together at the best single threshold; the share of polarities that
            are right where they are labelled, NaN if none is.
        """
        import torch

        self.encoder.eval()
        self.head.eval()
        order = sorted(texts, key=lambda one: len(one.pieces))
        likely, right = [], []
        with torch.inference_mode():
            for at in range(0, len(order), size):
                part = order[at : at + size]
                scores = self._scores(part)
                likely.append(scores.strongest.cpu().numpy())
                said, gold = self._said(part, scores)
                if len(gold):
                    own, other = said[0::2], said[1::2]
                    right.append(((own + other).argmax(1) == gold[0::2]).cpu().numpy())
        wanted = np.zeros((len(order), self.themes), dtype=bool)
        for row, text in enumerate(order):
            wanted[row, list(text.themes)] = True
        share = float(np.concatenate(right).mean()) if right else math.nan
        return best_f1(np.concatenate(likely), wanted), share

    def _scores(self, texts: Sequence[Text]) -> "_Scores":
        import torch

        with torch.autocast(self.device.type, torch.bfloat16, enabled=halves(self.device.type)):
            seen = self.encoder(**self._inputs(texts)).last_hidden_state
            scores = self.head(seen)
        named, sides, of = scores.float().split([self.themes, SIDES, self.themes * SIDES], dim=-1)
        inside = self._inside(texts, named.shape[1])
        strongest = named.masked_fill(~inside[:, :, None], _FAR).amax(1)
        return _Scores(named, strongest, sides, of)

    def _loss(self, texts: Sequence[Text]) -> "Tensor":
        import torch
        from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, softplus

        scores = self._scores(texts)
        wanted = torch.zeros_like(scores.strongest)
        for row, text in enumerate(texts):
            wanted[row, list(text.themes)] = 1.0
        loss = binary_cross_entropy_with_logits(scores.strongest, wanted, reduction="sum")
        for row, text in enumerate(texts):
            for theme, first, last in text.spans:
                loss = loss + softplus(-scores.named[row, first:last, theme].max())
        said, gold = self._said(texts, scores)
        if len(gold):
            loss = loss + cross_entropy(said, gold, reduction="sum")
        return loss / len(texts)

    def _said(self, texts: Sequence[Text], scores: "_Scores") -> "tuple[Tensor, Tensor]":
        """Return what is said where polarity is labelled: of the theme, of anything, in turns."""
        import torch

        said, gold = [], []
        for row, text in enumerate(texts):
            for theme, side, first, last in text.sides:
                speaks = scores.named[row, first:last, theme].detach().softmax(0)
                own = scores.of[row, first:last, theme * SIDES : (theme + 1) * SIDES]
                said += [(own * speaks[:, None]).sum(0), scores.sides[row, first:last].mean(0)]
                gold += [side, side]
        wanted = torch.tensor(gold, dtype=torch.int64, device=self.device)
        return (torch.stack(said) if said else torch.zeros(0, SIDES)), wanted

    def _inputs(self, texts: Sequence[Text]) -> "dict[str, Tensor]":
        import torch

        longest = max(len(text.pieces) for text in texts)
        pieces = np.full((len(texts), longest), PADDING, dtype=np.int64)
        segments = np.zeros_like(pieces)
        mask = np.zeros_like(pieces)
        for row, text in enumerate(texts):
            size = len(text.pieces)
            pieces[row, :size], mask[row, :size] = text.pieces, 1
            segments[row, size - text.asked : size] = 1
        given = {"input_ids": pieces, "attention_mask": mask, "token_type_ids": segments}
        return {name: torch.from_numpy(value).to(self.device) for name, value in given.items()}

    def _inside(self, texts: Sequence[Text], size: int) -> "Tensor":
        import torch

        many = torch.tensor([text.inside for text in texts], device=self.device)
        place = torch.arange(size, device=self.device)
        return (place >= 1) & (place < 1 + many[:, None])

    def state(self) -> "tuple[dict[str, Tensor], dict[str, Tensor]]":
        """Return a copy of what it has learnt."""
        parts = self.encoder, self.head
        first, second = ({k: v.clone() for k, v in one.state_dict().items()} for one in parts)
        return first, second

    def restore(self, state: "tuple[dict[str, Tensor], dict[str, Tensor]]") -> None:
        """Go back to what ``state`` returned."""
        self.encoder.load_state_dict(state[0])
        self.head.load_state_dict(state[1])

    def graph(self) -> bytes:
        """Return the network as a graph: themes, the same as top themes, and their polarities."""
        made = {
            name: value.float().cpu().numpy()
            for name, value in self.encoder.state_dict().items()
            if "position_ids" not in name
        }
        for part in ("weight", "bias"):
            rows = getattr(self.head, part).detach().float().cpu().numpy()
            named, others = rows[: self.themes], rows[self.themes :]
            made[f"heads.piece.{part}"] = np.concatenate([named, named, others])
            made[f"heads.comment.{part}"] = self.weights[f"heads.comment.{part}"]
        config = {name: getattr(self.shape, name) for name in Shape.__slots__}
        graph: bytes = build_graph(made, config).SerializeToString()
        return graph


def _encoder(shape: Shape, weights: dict[str, Array]) -> Any:  # noqa: ANN401
    import torch
    from transformers import BertConfig, BertModel

    encoder = BertModel(
        BertConfig(
            vocab_size=len(weights["embeddings.word_embeddings.weight"]),
            hidden_size=shape.width, num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads, intermediate_size=shape.inner,
            max_position_embeddings=shape.positions,
            type_vocab_size=len(weights["embeddings.token_type_embeddings.weight"]),
            layer_norm_eps=shape.epsilon, pad_token_id=PADDING, hidden_act="gelu_pytorch_tanh",
            hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, attn_implementation="eager",
        ),
        add_pooling_layer=False,
    )  # fmt: skip
    given = {k: torch.from_numpy(v.copy()) for k, v in weights.items() if not k.startswith("heads")}
    encoder.load_state_dict(given, strict=False)
    return encoder


def _head(weights: dict[str, Array], rows: Ints, sides: int) -> "nn.Linear":
    """Return the output layer: themes, polarity of anything, polarity of each theme."""
    import torch

    known, width = weights["heads.piece.weight"], weights["heads.piece.weight"].shape[1]
    head = torch.nn.Linear(width, len(rows) + SIDES + len(rows) * SIDES)
    with torch.no_grad():
        torch.nn.init.normal_(head.weight, std=0.02)
        torch.nn.init.constant_(head.bias, _RARE)
        for part, values in (("weight", known), ("bias", weights["heads.piece.bias"])):
            own, told = getattr(head, part), torch.from_numpy(values[sides : sides + SIDES].copy())
            for theme, row in enumerate(rows.tolist()):
                if row >= 0:
                    own[theme] = torch.from_numpy(values[row : row + 1].copy())[0]
            own[len(rows) :] = told.repeat(len(rows) + 1, *[1] * (told.ndim - 1))
    return head


def halves(device: str) -> bool:
    """Return whether numbers of 16 bits (bfloat16) are the faster ones on a device.

    Example:
        >>> halves("mps")
        False
    """
    import torch

    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    can: dict[str, bool] = getattr(torch.cpu, "get_capabilities", dict)()
    return device == "cpu" and bool(can.get("avx512_bf16") or can.get("amx_bf16"))
