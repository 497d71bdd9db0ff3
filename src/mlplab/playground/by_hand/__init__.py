"""Task 3: weights that draw a line, put in by hand or by dragging it."""
