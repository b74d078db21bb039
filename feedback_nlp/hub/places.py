"""Where the files of a model are, and whether they are such that may be read.

A model is a folder, or the name of one on the Hugging Face hub. What was downloaded before is found
without a network; nothing is downloaded unless that is asked for. Weights are read from safetensors
files alone, which can hold nothing that runs. Imports neither torch nor transformers.
"""

import hashlib
import re
from importlib import import_module
from pathlib import Path
from typing import Any

from feedback_nlp.errors import MissingDependencyError, ModelError, first_line
from feedback_nlp.model_files import read_json

CONFIG = "config.json"
_WEIGHTS = ("model.safetensors", "model.safetensors.index.json")
_READ = ("*.json", "*.safetensors", "*.txt", "*.model")  # of a download, and what is hashed
_NOT_READ = ("*/*.safetensors", "onnx/*", "openvino/*")
_HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[\w.-]+)?")
_MOST_OF_CONFIG = 20_000_000  # bytes
_AT_ONCE = 1 << 22
INSTALL = 'pip install "feedback-nlp[transformers]"'


def needs(*libraries: str) -> None:
    """Raise unless some libraries can be imported.

    Args:
        libraries: Their names.

    Raises:
        MissingDependencyError: One is not installed, or does not work.
    """
    for library in libraries:
        try:
            import_module(library)
        except ImportError as error:
            raise MissingDependencyError(
                f"Models of the Hugging Face library need {library} ({first_line(error)}): "
                f"{INSTALL}"
            ) from None


def find_folder(name: str | Path, *, download: bool = False) -> Path:
    """Return the folder of a model.

    Args:
        name: A folder, or a name on the Hugging Face hub such as ``someone/some-model``.
        download: Whether it may be downloaded if it is not in the cache.

    Raises:
        MissingDependencyError: It is a name on the hub, and huggingface_hub is not installed.
        ModelError: It is not there, or holds no model that may be read.
    """
    folder = Path(name)
    if not folder.is_dir():
        folder = _from_hub(str(name), download=download)
    read_config(folder)
    check_weights(folder)
    return folder.resolve()


def read_config(folder: Path) -> dict[str, Any]:
    """Return what a model says of itself.

    Args:
        folder: Its folder.

    Raises:
        ModelError: There is no ``config.json``, or not one of a Hugging Face model.
    """
    path = folder / CONFIG
    found = read_json(path, _MOST_OF_CONFIG)
    if not isinstance(found.get("model_type"), str):
        raise ModelError(
            f"{path} is not that of a Hugging Face model: it names no model_type. A model of "
            "train_tagger is read by load_tagger."
        )
    return found


def check_weights(folder: Path) -> None:
    """Raise unless the weights of a model are in safetensors files.

    Args:
        folder: Its folder.

    Raises:
        ModelError: They are in files that can run programs, or not there.
    """
    if any((folder / name).is_file() for name in _WEIGHTS):
        return
    others = sorted(path.name for end in ("*.bin", "*.pt", "*.h5") for path in folder.glob(end))
    if others:
        raise ModelError(
            f"The weights in {folder} are in {others[0]}, a kind of file that can run programs, "
            "and are not read. Take a version with model.safetensors; or, if you trust the file, "
            "load the model with transformers and write it with save_pretrained."
        )
    raise ModelError(f"No model in {folder}: there is no file {_WEIGHTS[0]}.")


def digest(folder: Path) -> str:
    """Return the SHA-256 of all files of a model that are read, and of their names.

    Args:
        folder: Its folder.
    """
    found = hashlib.sha256()
    paths = sorted({path for pattern in _READ for path in folder.glob(pattern)})
    for path in paths:
        found.update(f"{path.name}\n{path.stat().st_size}\n".encode())
        with path.open("rb") as file:
            while part := file.read(_AT_ONCE):
                found.update(part)
    return found.hexdigest()


def _from_hub(name: str, *, download: bool) -> Path:
    """Return the folder of a model of the hub in the cache, where it may be put first."""
    if not _HUB_NAME.fullmatch(name):
        raise ModelError(f"No folder {name!r}; give the folder of a model, or its name on the hub.")
    needs("huggingface_hub")
    from huggingface_hub import constants, snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    online = download and not constants.HF_HUB_OFFLINE
    try:
        return Path(
            snapshot_download(
                name,
                local_files_only=not online,
                allow_patterns=list(_READ),
                ignore_patterns=list(_NOT_READ),
            )
        )
    except LocalEntryNotFoundError as error:
        if online:
            raise _not_downloaded(name, error) from None
        way = "unset HF_HUB_OFFLINE" if download else "allow the download with download=True"
        raise ModelError(
            f"No model {name!r}: there is no such folder, and it is not among the models that were "
            f"downloaded before ({constants.HF_HUB_CACHE}). Give the folder of a model, or {way}."
        ) from None
    except Exception as error:  # of the hub, of the network or of the disk
        raise _not_downloaded(name, error) from None


def _not_downloaded(name: str, error: BaseException) -> ModelError:
    return ModelError(f"The model {name!r} could not be downloaded: {first_line(error)}.")
