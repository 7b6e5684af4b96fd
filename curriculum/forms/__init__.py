"""Input of this app, one file per object."""
