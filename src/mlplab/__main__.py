"""`python -m mlplab`: the command line."""

from mlplab.cli import main

if __name__ == "__main__":
    main()
