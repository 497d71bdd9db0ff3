"""What is known of a run besides its looks, by names and places: `judging.judge` takes it as an array."""

from __future__ import annotations

FACTS = (
    "failed",
    "updates",
    "reference",
    "is_linear",
    "lower_is_better",
    "input_size",
    "smallest_deviation",
    "largest_deviation",
    "target_size",
    "common_class",
    "reference_error",
    "samples",
    "target_deviation",
    "smallest_reach",
    "one_class",
    "first_rate",
    "last_rate",
    "features",
    "begun_at",
    "ended_at",
)
"""Facts of a run besides its looks, by their names.

`failed`: 1 if it is stuck, 2 if it diverged; `is_linear`: 1 where no hidden layer bends anything;
`lower_is_better`: 1 if the metric is the mean absolute error; `one_class`: the fraction of predictions
that are of one class; `first_rate`, `last_rate`: learning rates; `features`: how many there are;
`begun_at`, `ended_at`: the loss that is trained, with weights of classes and samples and with the
penalty, before the first update and at the end, where it is another one than that of the looks. The
others are said in `neighbours`.
What does not apply is 0.
"""

(
    FAILED,
    UPDATES,
    REFERENCE,
    IS_LINEAR,
    LOWER_IS_BETTER,
    INPUT_SIZE,
    SMALLEST_DEVIATION,
    LARGEST_DEVIATION,
    TARGET_SIZE,
    COMMON_CLASS,
    REFERENCE_ERROR,
    SAMPLES,
    TARGET_DEVIATION,
    SMALLEST_REACH,
    ONE_CLASS,
    FIRST_RATE,
    LAST_RATE,
    FEATURES,
    BEGUN_AT,
    ENDED_AT,
) = range(len(FACTS))
