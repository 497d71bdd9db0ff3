"""Trained networks in files: saved, loaded, and carried to other libraries and back.

Model                     a trained network as it is used: predict, predict_proba
save, load                to a file of safetensors, and back exactly; a run of a folder, too
export, EXPORT_FORMATS    to Keras, ONNX, PyTorch, NumPy, C and JavaScript
import_file, Answers      from Keras and PyTorch, and what their files do not say
from_sklearn, to_sklearn  scikit-learn's MLPClassifier and MLPRegressor
as_model, HasModel        the model of a run or of an estimator
"""

from mlplab.models.answers import Answers
from mlplab.models.exporting import EXPORT_FORMATS, ExportFormat, export
from mlplab.models.file import load, save
from mlplab.models.importing import import_file
from mlplab.models.model import HasModel, Model, as_model
from mlplab.models.sklearn_model import from_sklearn, to_sklearn

__all__ = [
    "EXPORT_FORMATS",
    "Answers",
    "ExportFormat",
    "HasModel",
    "Model",
    "as_model",
    "export",
    "from_sklearn",
    "import_file",
    "load",
    "save",
    "to_sklearn",
]
