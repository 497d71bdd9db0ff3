"""What is trained beside a session: a hundred of the same, two set-ups compared, a map of two numbers."""
