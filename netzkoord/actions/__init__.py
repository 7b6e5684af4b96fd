"""Changes that the frame makes, one file per object."""
