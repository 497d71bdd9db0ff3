"""Texts of TOML as people write them for mlplab, and slips that they make."""

from __future__ import annotations

RATES = [
    "kind = 'piecewise_constant_decay', boundaries = [4, 8], values = [1, 0.5]",
    "kind = 'piecewise_constant_decay', boundaries = [8, 8], values = [1, 0.5, 0.1]",
    "kind = 'piecewise_constant_decay', boundaries = [8, -8], values = [1, 0.5, true]",
    "kind = 'piecewise_constant_decay', boundaries = [], values = [1]",
    "kind = 'piecewise_constant_decay', boundaries = 4, values = '1'",
    "kind = 'piecewise_constant_decay', boundaries = {a = 1}",
    "kind = 'cosine_decay', initial_learning_rate = 1, decay_steps = 9, warmup_steps = 3",
    "kind = 'cosine_decay', initial_learning_rate = 1, decay_steps = 9, warmup_target = 3",
    "kind = 'cosine_decay', initial_learning_rate = 1, decay_steps = 9, warmup_target = 3, "
    "warmup_steps = 1",
    "kind = 'cosine_decay'",
    "initial_learning_rate = 1",
]

PLATEAU = "[training.reduce_lr_on_plateau]\nmonitor = 'val_accuracy'\nfactor = 0.5"

CLASS_WEIGHTS = [
    "{7 = 1.0}",
    "{b = 2.0, a = 1, 10 = 1.0, 9 = 0.5, 1 = 1.0}",
    "{0 = 1.0, 1 = 1}",
    "{1 = 1.0, 0 = 3}",
    "{0 = 0.0, 1 = 0.0}",
    "{0 = 1.0, 1 = 0.0}",
]

TEXTS = [
    "",
    *(f"dataset = 'linear'\n[training]\nclass_weight = {each}" for each in CLASS_WEIGHTS),
    "dataset = 'linear'",
    'dataset = """polar"""',
    "dataset = 'moons'\nnetwork = 5\ntraining = [1]",
    "[dataset]\nkind = 'circles'\nfactor = 1e-1\nsigma = +1_0.5e-1 # noise\n",
    '[dataset]\r\nkind = "spirals"\r\nclasses = 0x3\r\nturns = 2\r\n',
    "\ufeffdataset = 'xor'\n[training]\nepochs = 0b11\n",
    "dataset.kind = 'linear'\ndataset.sigma = -0.0\n",
    "dataset.kind = 'linear'\n\"dataset\".'classes' = 3\n[network]\n[training.optimizer]\nkind = 'adam'",
    "dataset = {kind = 'file', path = 'b/../c.csv', features = ['x', \"y\\u00e9\"]}",
    "dataset = {kind = 'file', path = '/host/x', features = ['x', 'label']}",
    "dataset = {kind = 'file', path = '/x', label = 'it''s'}".replace("''", ""),
    "dataset = {kind = 'file', path = 'x', features = ['split']}",
    "dataset = {kind = 'file', path = 'a.csv', features = []}",
    "dataset = {kind = 'file', path = 'a.csv', features = [''], content = 'F'}",
    "dataset = {kind = 'file', path = 'a.csv', features = ['a', 'b', 'a'], test_fraction = 0.75}",
    "dataset = {kind = 'arrays', test_fraction = 0.75, validation_fraction = 0.25}",
    "dataset = 'linear'\n[network]\nhidden_layers = 2\nlayer_width = [3, 4, 5]\nactivation = 'relu'",
    "dataset = 'linear'\n[network]\nhidden_layers = 2\nlayer_width = [\n 3, # three\n 3,\n]\n"
    "activation = ['relu', 'relu']",
    "dataset = 'linear'\n[network]\nhidden_layers = 2\nlayer_width = 3\nactivation = ['relu']",
    "dataset = 'linear'\n[network]\nhidden_layers = 2\nlayer_width = 3",
    "dataset = 'linear'\n[network]\nhidden_layers = 2\nactivation = 'tanh'",
    "dataset = 'linear'\n[network]\nactivation = 'tanh'",
    "dataset = 'linear'\n[network]\nlayer_width = [3]",
    "dataset = 'linear'\n[network]\nlayer_width = [3, 4]\nactivation = ['relu', 'tanh']",
    "dataset = 'linear'\n[network]\nhidden_layers = 10001\nlayer_width = 3\nactivation = 'relu'",
    "dataset = 'linear'\n[network.initializer]\nkind = 'random_uniform'\nminval = 1\nmaxval = 0.5",
    "dataset = 'linear'\n[network]\nbias_initializer = 'he_normal'",
    "dataset = 'linear'\n[network]\nbias_initializer = {kind = 'constant', value = 0.5}",
    "dataset = 'linear'\n[network]\nbias_initializer = 'orthogonal'",
    "dataset = 'linear'\n[network]\nbias_initializer = {kind = 'identity', gain = 2}",
    "dataset = 'linear'\n[network]\nbatch_normalization = true",
    "dataset = 'linear'\n[network]\nbatch_norm = 1",
    "dataset = 'linear'\n[network]\ninitializer = 'Batch_Normalisation'",
    "dataset = 'linear'\n[network]\nhidden_layers = 1\nlayer_width = 3\nactivation = 'PReLU'",
    "dataset = 'linear'\n[training.optimizer]\nkind = 'sgd'\nnesterov = true",
    "dataset = 'linear'\n[training.optimizer]\nkind = 'sgd'\nnesterov = true\nmomentum = 0.9",
    "dataset = 'linear'\n[training.optimizer]\nkind = 'adam'\nmomentum = 0.9",
    "dataset = 'linear'\n[training.optimizer]\nkind = 'lion'\nclipnorm = 2\nclipvalue = 0.5",
    "dataset = 'linear'\n[training.optimizer]\nkind = 'adam'\nclipnorm = 0",
    "dataset = 'linear'\n[training.optimizer]\nkind = 'adamw'\nweight_decay = -0.1",
    "dataset = 'linear'\n[training.optimizer]\nkind = 'rmsprop'\nglobal_clipnorm = 1",
    "dataset = 'linear'\n[training.optimizer]\nlearning_rate = 0.9",
    "dataset = 'linear'\n[training.optimizer]\nkind = 'sgd'\nlearning_rate = '0.1'",
    "dataset = 'linear'\n[training.optimizer]\nkind = 'sgd'\nlearning_rate = '-+.1'",
    "dataset = 'linear'\n[training.optimizer]\nkind = 'sgd'\nlearning_rate = 'cosine'",
    "dataset = 'linear'\n[training.early_stopping]",
    "dataset = 'linear'\n[training.early_stopping]\npatience = 3\nrestore_best_weights = true",
    "dataset = 'linear'\n[training]\nearly_stopping = {monitor = 'loss', min_delta = -0.5}",
    "dataset = 'linear'\n[training]\nearly_stopping = 3",
    "dataset = 'linear'\n[training.early_stopping]\nmomentum = 0.5",
    f"dataset = 'linear'\n{PLATEAU}",
    f"dataset = 'linear'\n[training.optimizer]\nkind = 'adam'\nlearning_rate = {{{RATES[0]}}}\n{PLATEAU}",
    *(
        f"dataset = 'linear'\n[training.optimizer]\nkind = 'sgd'\nlearning_rate = {{{rate}}}"
        for rate in RATES
    ),
]
