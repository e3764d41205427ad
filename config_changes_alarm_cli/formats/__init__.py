"""An assessment in the forms that people and other programs read. Nothing in here decides anything."""
