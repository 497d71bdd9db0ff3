"""What each parameter may be: scikit-learn checks it by this table, in its own words."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

import numpy as np
from sklearn.utils._param_validation import Interval, Options, StrOptions

from mlplab.spec import ACTIVATIONS, InitializerSpec, OptimizerSpec, Schedule
from mlplab.spec.regularizers import RegularizerSpec

SKLEARN_ACTIVATIONS = {"identity": "linear", "logistic": "sigmoid"}
"""Activations that scikit-learn calls otherwise than Keras."""

FROM_0 = Interval(Real, 0, None, closed="left")
ABOVE_0 = Interval(Real, 0, None, closed="neither")
BELOW_1 = Interval(Real, 0, 1, closed="left")
FROM_1 = Interval(Integral, 1, None, closed="left")

CONSTRAINTS: dict[str, list[Any]] = {
    "hidden_layer_sizes": ["array-like", FROM_1],
    "activation": [StrOptions({*ACTIVATIONS, *SKLEARN_ACTIVATIONS}), "array-like"],
    "solver": [StrOptions(set(OptimizerSpec.kinds)), OptimizerSpec],
    "alpha": [FROM_0],
    "batch_size": [StrOptions({"auto"}), FROM_1],
    "learning_rate": [StrOptions({"constant", "invscaling", "adaptive"}), Schedule],
    "learning_rate_init": [ABOVE_0],
    "power_t": [FROM_0],
    "max_iter": [FROM_1],
    "shuffle": ["boolean"],
    "random_state": ["random_state"],
    "tol": [FROM_0],
    "verbose": ["verbose"],
    "warm_start": ["boolean"],
    "momentum": [Interval(Real, 0, 1, closed="both")],
    "nesterovs_momentum": ["boolean"],
    "early_stopping": ["boolean"],
    "validation_fraction": [BELOW_1],
    "beta_1": [BELOW_1],
    "beta_2": [BELOW_1],
    "epsilon": [ABOVE_0],
    "n_iter_no_change": [FROM_1, Options(Real, {np.inf})],
    "kernel_initializer": [StrOptions(set(InitializerSpec.kinds)), InitializerSpec],
    "bias_initializer": [StrOptions(set(InitializerSpec.kinds)), InitializerSpec],
    "kernel_regularizer": [StrOptions(set(RegularizerSpec.kinds)), RegularizerSpec, None],
    "dropout": ["array-like", BELOW_1],
    "input_noise": [Interval(Real, 0, 1, closed="both")],
    "weight_decay": [FROM_0, None],
    "clipvalue": [ABOVE_0, None],
    "clipnorm": [ABOVE_0, None],
    "global_clipnorm": [ABOVE_0, None],
    "dtype": [StrOptions({"float32", "float64"}), None],
}
"""Those that classifier and regressor share. Names of parts stand for the parts with their defaults."""
