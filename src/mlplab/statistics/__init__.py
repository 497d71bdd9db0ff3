"""Statistics that we stand by: what many runs say together, and what two sets of runs say of each other.

A run that diverged has no value: it is left out of every mean, and counted beside it.
"""

from mlplab.statistics.comparison import COMPARABLE, SIGNIFICANT, Comparison, Verdict
from mlplab.statistics.correction import correct_family, holm
from mlplab.statistics.failures import Failures, count_failures
from mlplab.statistics.interquartile import interquartile_mean
from mlplab.statistics.intervals import RESAMPLES, Estimate, bootstrap, estimate_share
from mlplab.statistics.pairing import ONE_POINT, compare, compare_runs
from mlplab.statistics.percentile import percentile_of
from mlplab.statistics.summary import Summary, finite, outcomes, summarise
from mlplab.statistics.variance import VarianceShares, variance_shares

__all__ = [
    "COMPARABLE",
    "ONE_POINT",
    "RESAMPLES",
    "SIGNIFICANT",
    "Comparison",
    "Estimate",
    "Failures",
    "Summary",
    "VarianceShares",
    "Verdict",
    "bootstrap",
    "compare",
    "compare_runs",
    "correct_family",
    "count_failures",
    "estimate_share",
    "finite",
    "holm",
    "interquartile_mean",
    "outcomes",
    "percentile_of",
    "summarise",
    "variance_shares",
]
