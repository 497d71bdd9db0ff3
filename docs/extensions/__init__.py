"""What makes the documentation of mlplab out of mlplab: its reference, its links and its pictures."""
