"""
The lab, task by task
=====================

Hello.
"""
from mlplab import draw, figures
from mlplab.report import EXPERIMENTS

# %%
# A dataset
experiment = EXPERIMENTS["1.2-relu"]
figures.dataset_figure(draw(experiment, 1).dataset)
