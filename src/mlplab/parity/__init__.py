"""Parity: one trial trained by several libraries, and where their weights part."""
