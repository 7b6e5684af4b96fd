"""Files that organisers bring: read without trust, checked as a whole before anything is stored."""
