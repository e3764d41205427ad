"""What the pages of docs/ are made from."""
