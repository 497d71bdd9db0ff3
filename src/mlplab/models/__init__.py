"""Trained networks in files: saved, loaded, and carried to other libraries and back."""

from mlplab.models.exporting import EXPORT_FORMATS, ExportFormat, export
from mlplab.models.file import load, save
from mlplab.models.model import HasModel, Model, as_model

__all__ = [
    "EXPORT_FORMATS",
    "ExportFormat",
    "HasModel",
    "Model",
    "as_model",
    "export",
    "load",
    "save",
]
