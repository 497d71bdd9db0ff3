"""
A search in scikit-learn, with intervals
========================================

``PopulationSearchCV`` searches a pipeline as ``GridSearchCV`` does, trains all fits together, and
says how far a score can be trusted.
"""

# %%
# Two features of three kinds of wine, on scales that differ much.

from matplotlib.figure import Figure
from sklearn.datasets import load_wine
from sklearn.inspection import DecisionBoundaryDisplay
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mlplab import MLPClassifier, PopulationSearchCV, figures

x, y = load_wine(return_X_y=True, as_frame=True)
x = x[["alcohol", "flavanoids"]]
x_train, x_test, y_train, y_test = train_test_split(
    x, y, stratify=y, random_state=0
)

# %%
# Each of the six candidates is fitted to five splits, from three seeds each.

classifier = MLPClassifier(
    (10,), learning_rate_init=0.01, max_iter=500, tol=0.01, random_state=0
)
grid = {
    "mlpclassifier__alpha": [0.0001, 0.1, 10.0],
    "mlpclassifier__activation": ["relu", "tanh"],
}
search = PopulationSearchCV(
    make_pipeline(StandardScaler(), classifier), grid, replications=3
)
search.fit(x_train, y_train)

results = search.cv_results_
for parameters, mean, low, high in zip(
    results["params"],
    results["mean_test_score"],
    results["low_test_score"],
    results["high_test_score"],
    strict=True,
):
    values = ", ".join(str(value) for value in parameters.values())
    print(f"{values:>14}: {mean:.1%}, interval {low:.1%} to {high:.1%}")

# %%
# The test samples were not part of the search.

print(search.best_params_)
print(
    f"test samples: {search.score(x_test, y_test):.1%} of {len(x_test)} are right"
)

# %%
# The pipeline that won is an estimator like any other.

figure = Figure(figsize=(6, 4.5), layout="constrained")
axes = figure.subplots()
kinds = list(figures.COLOURS[:3])
DecisionBoundaryDisplay.from_estimator(
    search,
    x,
    response_method="predict",
    plot_method="pcolormesh",
    grid_resolution=400,
    multiclass_colors=kinds,
    alpha=0.3,
    ax=axes,
)
for kind, colour in enumerate(kinds):
    own = x_test[y_test == kind]
    axes.scatter(
        own["alcohol"], own["flavanoids"], color=colour, label=f"kind {kind}"
    )
axes.set(xlabel="alcohol (% by volume)", ylabel="flavanoids")
axes.legend(title="test samples", loc="upper right")

# %%
# The intervals are wide: a score is known to a few points only. That they overlap is no test of a
# difference: all candidates were fitted to the same splits, and such scores are compared in pairs.
# The best score was 92.0 %, and 88.9 % of the test samples are right, 40 of 45. That is no
# contradiction: the best of six scores is a little too good, and 45 samples are few.
