"""Trained networks in files: saved, loaded, and carried to other libraries and back."""

from mlplab.models.file import load, save
from mlplab.models.model import HasModel, Model, as_model

__all__ = ["HasModel", "Model", "as_model", "load", "save"]
