"""Models of the Hugging Face library: where they are, whether they are safe, and running them."""

from feedback_nlp.hub.encoder import TransformerEncoder, load_encoder

__all__ = ["TransformerEncoder", "load_encoder"]
