"""What people enter, checked and converted."""
