"""Statistics that we stand by: what many runs say together, and what two sets of runs say of each other.

A run that diverged has no value: it is left out of every mean, and counted beside it.
"""

from mlplab.statistics.comparison import COMPARABLE, SIGNIFICANT, Comparison, Verdict
from mlplab.statistics.correction import correct_family, holm
from mlplab.statistics.failures import Failures, count_failures
from mlplab.statistics.interquartile import interquartile_mean
from mlplab.statistics.intervals import RESAMPLES, Estimate, bootstrap, estimate_fraction
from mlplab.statistics.measures import (
    MEASURES,
    ONE_POINT,
    PERCENTAGE_POINTS,
    R2_MARGIN,
    UNITS_OF_THE_TARGET,
    Measure,
    find_measure,
)
from mlplab.statistics.pairing import compare, compare_runs
from mlplab.statistics.percentile import percentile_of
from mlplab.statistics.resplits import has_one_split
from mlplab.statistics.summary import Summary, outcomes, summarise
from mlplab.statistics.values import finite
from mlplab.statistics.variance import VarianceFractions, variance_fractions

__all__ = [
    "COMPARABLE",
    "MEASURES",
    "ONE_POINT",
    "PERCENTAGE_POINTS",
    "R2_MARGIN",
    "RESAMPLES",
    "SIGNIFICANT",
    "UNITS_OF_THE_TARGET",
    "Comparison",
    "Estimate",
    "Failures",
    "Measure",
    "Summary",
    "VarianceFractions",
    "Verdict",
    "bootstrap",
    "compare",
    "compare_runs",
    "correct_family",
    "count_failures",
    "estimate_fraction",
    "find_measure",
    "finite",
    "has_one_split",
    "holm",
    "interquartile_mean",
    "outcomes",
    "percentile_of",
    "summarise",
    "variance_fractions",
]
