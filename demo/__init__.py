"""The embedded AWS and the story that `make evaluate` tells on it."""
