"""The lab kit: the modules that a notebook of the course imports, the notebook itself, and the checker.

    data_generator     `DataGenerator`: the lab's datasets and their pictures
    keras_mlp          `KerasMLP`: the lab's network in Keras
    mlp                `activation` and `MLP`: what a student writes, here by `mlplab.reference`
    kit/               what `mlplab new` hands out; these files are no modules of mlplab
    new, notebook      put a student's folder together
    evidence           what a hundred runs say, for a notebook
    checker/           what `mlplab check` does with a student's `mlp.py`

Everything has the names, arguments and shapes of the course's template: biases are columns, of shape
(outputs, 1), figures are shown at once, and counts, losses and accuracies are printed.
"""
