"""What does a metric filter publish for one matching event, and what do others on its metric make of that?

May import `resources`, `findings` and `truth`. Must never read anything, nor judge the filter's pattern: that is the
proof's.
"""

from .publication import Publication, Publishes, literal, publishes
from .shared_metric import Noise, SharedMetric, Spoiled, only_zeros

__all__ = ["Noise", "Publication", "Publishes", "SharedMetric", "Spoiled", "literal", "only_zeros", "publishes"]
