"""What runs in the student's process: NumPy and the standard library, and nothing of mlplab.

The judge stays outside. It sends inputs, gets back what the student's code returned, and compares there:
no expected value, no reference and no mistake that is looked for is ever in this process. The folder is
imported by its path, as `inside`, so that its files import only each other.
"""
