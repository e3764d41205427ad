"""What does a metric filter publish for one matching event, and what do others on its metric make of that?

May import `resources` and `findings`. Must never read anything, nor judge the filter's pattern: that is the proof's.
"""

from .publication import Publication, Publishes, literal, publishes
from .shared_metric import SharedMetric, Spoiled, only_zeros

__all__ = ["Publication", "Publishes", "SharedMetric", "Spoiled", "literal", "only_zeros", "publishes"]
