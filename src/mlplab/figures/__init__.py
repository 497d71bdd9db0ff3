"""Figures of the lab, drawn with matplotlib: datasets, classifiers, regressions, learning curves,
spreads, boundaries, loss landscapes, maps of two settings.

Every `..._figure` returns a `matplotlib.figure.Figure`; `save` writes it to files.
"""

from mlplab.figures.agreement import agreement_figure
from mlplab.figures.boundary import boundary_figure, wanted_boundary_figure
from mlplab.figures.classifier import classifier_figure
from mlplab.figures.curves import curves_figure
from mlplab.figures.dataset import dataset_figure
from mlplab.figures.file import FORMATS, save
from mlplab.figures.heat_axis import HeatAxis
from mlplab.figures.heat_map import HeatMap, heat_map_figure
from mlplab.figures.landscape import landscape_figure
from mlplab.figures.linear_regions import linear_regions_figure
from mlplab.figures.parity import parity_figure
from mlplab.figures.points import plot_samples
from mlplab.figures.regression import regression_figure
from mlplab.figures.remedies import remedies_figure
from mlplab.figures.residuals import residuals_figure
from mlplab.figures.spread import ScoreName, Spread, spread_figure
from mlplab.figures.step import step_figure
from mlplab.figures.style import COLOURS, MARKERS, WRONG, style

__all__ = [
    "COLOURS",
    "FORMATS",
    "MARKERS",
    "WRONG",
    "HeatAxis",
    "HeatMap",
    "ScoreName",
    "Spread",
    "agreement_figure",
    "boundary_figure",
    "classifier_figure",
    "curves_figure",
    "dataset_figure",
    "heat_map_figure",
    "landscape_figure",
    "linear_regions_figure",
    "parity_figure",
    "plot_samples",
    "regression_figure",
    "remedies_figure",
    "residuals_figure",
    "save",
    "spread_figure",
    "step_figure",
    "style",
    "wanted_boundary_figure",
]
