"""Where torch runs a network: the processor, or what this machine has beside it."""

from typing import TYPE_CHECKING

from feedback_nlp.errors import ModelError, first_line

if TYPE_CHECKING:
    from torch import device as Device


def torch_device(name: str) -> "Device":
    """Return a device of torch, once a number was put there.

    Args:
        name: Its name: ``cpu``, ``cuda``, ``cuda:1``, ``mps``.

    Raises:
        ModelError: There is no such device.
    """
    import torch

    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        has = ["cpu"]
        has += ["cuda"] if torch.cuda.is_available() else []
        has += ["mps"] if torch.backends.mps.is_available() else []
        raise ModelError(
            f"device= is {name!r}, which torch cannot use here ({first_line(error)}). This machine "
            f"has {', '.join(has)}."
        ) from None
    return device
