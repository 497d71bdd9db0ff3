"""The page's controls: forms of the set-up, play and its companions, curves, files in and out."""
