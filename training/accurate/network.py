"""The network: an encoder with one output layer for pieces and one for the comment."""

import json

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, log_softmax
from transformers import BertConfig, BertModel

SIDES = 3


class Network(nn.Module):
    """Scores pieces for themes, top themes, polarity and polarity of each top theme.

    A comment as a whole gets a polarity, and whether it says nothing. Each data set but our own
    has habits of its own in what it calls neutral: a number for each polarity, used in training.
    """

    def __init__(self, folder, themes, tops, sources):
        super().__init__()
        sizes = json.loads((folder / "config.json").read_text())
        self.encoder = BertModel(
            BertConfig(
                vocab_size=sizes["pieces"], hidden_size=sizes["width"],
                num_hidden_layers=sizes["layers"], num_attention_heads=sizes["heads"],
                intermediate_size=sizes["inner"], max_position_embeddings=sizes["positions"],
                type_vocab_size=sizes["segments"], layer_norm_eps=sizes["epsilon"],
                pad_token_id=1, hidden_act="gelu_pytorch_tanh", hidden_dropout_prob=0.0,
                attention_probs_dropout_prob=0.0, attn_implementation="eager",
            ),
            add_pooling_layer=False,
        )  # fmt: skip
        missing = self.encoder.load_state_dict(
            load_file(folder / "model.safetensors"), strict=False
        ).unexpected_keys
        if missing:
            raise SystemExit(f"{folder} does not fit: {missing[:3]}")
        self.themes, self.tops = themes, tops
        width = sizes["width"]
        self.heads = nn.ModuleDict(
            {
                "piece": nn.Linear(width, themes + tops + SIDES + tops * SIDES),
                "comment": nn.Linear(width, SIDES + 1),
            }
        )
        self.habit = nn.Embedding(sources, SIDES)
        for head in self.heads.values():
            nn.init.normal_(head.weight, std=0.02)
            nn.init.zeros_(head.bias)
        with torch.no_grad():
            self.heads["piece"].bias[: themes + tops] = -3.0
        nn.init.zeros_(self.habit.weight)
        self.drop = nn.Dropout(0.1)

    def forward(self, batch):
        seen = self.encoder(
            input_ids=batch["pieces"],
            attention_mask=batch["mask"].long(),
            token_type_ids=batch["segments"],
        ).last_hidden_state
        seen = self.drop(seen)
        scores = self.heads["piece"](seen)
        named, tops, sides, of = scores.split(
            [self.themes, self.tops, SIDES, self.tops * SIDES], dim=-1
        )
        whole, empty = self.heads["comment"](seen[:, 0]).split([SIDES, 1], dim=-1)
        of = of.unflatten(-1, (self.tops, SIDES))
        return {"named": named, "tops": tops, "sides": sides, "side_of": of,
                "whole": whole, "empty": empty[:, 0]}  # fmt: skip

    def freeze(self, layers):
        """Leave the embeddings of pieces and the first layers as they are."""
        for part in (self.encoder.embeddings.word_embeddings, *self.encoder.encoder.layer[:layers]):
            part.requires_grad_(False)

    def write(self, path):
        """Write the weights under their names in ``BertModel``, with ``heads``."""
        state = {k: v for k, v in self.encoder.state_dict().items() if "position_ids" not in k}
        state |= {f"heads.{k}": v for k, v in self.heads.state_dict().items()}
        save_file({k: v.contiguous() for k, v in state.items()}, path)

    def read(self, path):
        """Take the weights that ``write`` wrote; the habits of other data sets stay as they are."""
        state = load_file(path)
        heads = {k.removeprefix("heads."): v for k, v in state.items() if k.startswith("heads.")}
        self.heads.load_state_dict(heads)
        encoder = {k: v for k, v in state.items() if not k.startswith("heads.")}
        missing, unknown = self.encoder.load_state_dict(encoder, strict=False)
        if unknown or any("position_ids" not in name for name in missing):
            raise SystemExit(f"{path} does not fit: {(*unknown, *missing)[:3]}")


def loss_of(said, batch, top_of, habit):
    """Return the loss of each part."""
    inside, marked = batch["inside"], batch["marked"]
    parts = {}
    pieces = inside & marked[:, None]
    if pieces.any():
        named = batch["named"]
        by_top = torch.zeros_like(said["tops"])
        by_top.index_reduce_(2, top_of, named, "amax")
        share = (pieces / pieces.sum(1, keepdim=True).clamp(min=1)).unsqueeze(2)
        own = marked.sum()
        each = binary_cross_entropy_with_logits(said["named"], named, reduction="none")
        parts["named"] = (each * share).sum() / own
        each = binary_cross_entropy_with_logits(said["tops"], by_top, reduction="none")
        parts["tops"] = (each * share).sum() / own
        # the strongest piece of a comment speaks for it
        wanted = (named * inside[:, :, None]).amax(1)
        strongest = said["named"].masked_fill(~inside[:, :, None], -30).amax(1)
        each = binary_cross_entropy_with_logits(strongest, wanted, reduction="none").sum(1)
        parts["strongest"] = 0.2 * (each * marked).sum() / own
        where = batch["sides"] >= 0
        if where.any():
            gold = batch["sides"][where]
            at, piece, _ = where.nonzero(as_tuple=True)
            worth = share[at, piece, 0]
            each = cross_entropy(said["side_of"][where], gold, reduction="none")
            parts["side_of"] = 2 * (each * worth).sum() / own
            each = cross_entropy(said["sides"][at, piece], gold, reduction="none")
            parts["sides"] = 2 * (each * worth).sum() / own
    strongest = said["tops"].masked_fill(~inside[:, :, None], -30).amax(1)
    known = batch["tops"] >= 0
    if known.any():
        each = binary_cross_entropy_with_logits(strongest, batch["tops"].clamp(min=0),
                                                reduction="none")  # fmt: skip
        parts["of_comment"] = 0.3 * (each * known).sum() / len(known)
    where = batch["side_of"] >= 0
    if where.any():
        weight = said["tops"].detach().masked_fill(~inside[:, :, None], -30).softmax(1)
        pooled = (said["side_of"] * weight[..., None]).sum(1)
        each = cross_entropy(pooled[where], batch["side_of"][where], reduction="sum")
        parts["side_of_comment"] = each / len(known)
    told = ~batch["sentiment"][:, 0].isnan()
    if told.any():
        whole = (
            said["whole"][told]
            + habit(batch["source"][told]) * (batch["source"][told] > 0)[:, None]
        )
        parts["whole"] = -(batch["sentiment"][told] * log_softmax(whole, 1)).sum() / len(told)
    told = ~batch["empty"].isnan()
    if told.any():
        parts["empty"] = binary_cross_entropy_with_logits(
            said["empty"][told], batch["empty"][told], reduction="sum"
        ) / len(told)
    return parts
