"""One person's experiment, without any page: set up, trained, changed in flight, looked back at."""
