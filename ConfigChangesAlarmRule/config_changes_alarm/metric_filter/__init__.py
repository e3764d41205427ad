"""What does a metric filter publish for one matching event?

May import `resources` and `findings`. Must never read anything, nor judge the filter's pattern: that is the proof's.
"""

from .publication import Publication, Publishes, Spoiled, alongside, publishes

__all__ = ["Publication", "Publishes", "Spoiled", "alongside", "publishes"]
