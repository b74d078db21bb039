"""Personal data in comments: found, and masked before a quote leaves the table."""

from feedback_nlp.privacy.masking import Found, find_personal_data, mask_text, mask_with_spans
from feedback_nlp.privacy.visible import mask_visible

__all__ = ["Found", "find_personal_data", "mask_text", "mask_visible", "mask_with_spans"]
