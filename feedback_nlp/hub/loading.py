"""Loading a Hugging Face model: from safetensors alone, with no code of its own and no network."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from feedback_nlp.errors import ModelError, first_line
from feedback_nlp.hub.places import needs
from feedback_nlp.networks.devices import torch_device

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

Kind = Literal["classifier", "encoder"]
_MOST = 100_000  # tokens; a longest length beyond means that there is none
_USUAL = 512  # tokens, of a model that names no longest length


def read_model(
    folder: str, kind: Kind, device: str, dtype: str
) -> tuple["PreTrainedModel", "PreTrainedTokenizerBase"]:
    """Return a model, on its device and ready to be run, and its tokenizer.

    Args:
        folder: Where it is.
        kind: What it is for.
        device: Where it is run.
        dtype: The numbers it is run with.

    Raises:
        MissingDependencyError: torch or transformers is not installed.
        ModelError: It cannot be loaded or is not whole, or there is no such device.
    """
    needs("torch", "transformers")
    place = torch_device(device)
    import torch
    import transformers

    classifies = kind == "classifier"
    auto = transformers.AutoModelForSequenceClassification if classifies else transformers.AutoModel
    only = {"local_files_only": True, "trust_remote_code": False}
    try:
        with _quiet():
            tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **only)
            model, told = auto.from_pretrained(
                folder,
                **only,
                use_safetensors=True,
                dtype=getattr(torch, dtype),
                ignore_mismatched_sizes=True,  # said below, in a line
                output_loading_info=True,
            )
    except Exception as error:  # the library raises anything
        raise ModelError(f"The model in {folder} cannot be loaded: {first_line(error)}.") from None
    wrong = {key[0] if isinstance(key, tuple) else key for key in told["mismatched_keys"]}
    wrong |= {name for name in told["missing_keys"] if classifies or "pooler" not in name}
    if wrong:
        more = f", and {len(wrong) - 1} more" if len(wrong) > 1 else ""
        raise ModelError(
            f"The weights in {folder} do not fit: {min(wrong)} is missing or of another "
            f"size{more}. Take the whole model, one that was trained for this."
        )
    _with_padding(folder, model, tokenizer)
    return model.to(place).eval(), tokenizer


def labels_of(model: "PreTrainedModel") -> tuple[str, ...]:
    """Return the labels of a classification, in order."""
    names = model.config.id2label
    return tuple(str(names[at]) for at in range(model.config.num_labels))


def longest_of(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase") -> int:
    """Return the most tokens of a text that a model reads: the least of what it says anywhere."""
    said = [tokenizer.model_max_length, getattr(model.config, "max_position_embeddings", None)]
    for name, part in model.named_modules():
        if name.endswith("position_embeddings") and getattr(part, "padding_idx", None) is not None:
            said.append(part.num_embeddings - part.padding_idx - 1)  # the first ones are not used
    known = [int(length) for length in said if length is not None and 0 < length < _MOST]
    return min(known, default=_USUAL)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep transformers from writing to the terminal while a model is loaded."""
    from transformers.utils import logging

    level, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity(logging.CRITICAL)
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bars:
            logging.enable_progress_bar()


def _with_padding(
    folder: str, model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase"
) -> None:
    """Let a model read texts of several lengths at a time, which those that write texts lack."""
    tokenizer.deprecation_warnings["Asking-to-pad-a-fast-tokenizer"] = True  # was said
    if tokenizer.pad_token is None:
        if tokenizer.eos_token is None:
            raise ModelError(
                f"The tokenizer in {folder} has no pad_token, which reading texts in batches "
                "takes. Name one in its tokenizer_config.json."
            )
        tokenizer.pad_token = tokenizer.eos_token
    if model.config.pad_token_id is None:
        model.config.pad_token_id = tokenizer.pad_token_id
