"""A network as a program that stands alone, in Keras or NumPy, and the texts for the page."""
