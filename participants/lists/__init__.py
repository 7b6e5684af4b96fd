"""Papers for the day itself: the list for signatures, name badges, the list of participants."""
