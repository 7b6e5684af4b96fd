"""Changes to the curriculum and its schedule, one file per object."""
