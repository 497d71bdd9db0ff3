"""PyTorch, eager: a module, autograd, and its own optimizer."""

from __future__ import annotations

from typing import Any

import numpy as np

from mlplab.bench.outcome import outcome_of
from mlplab.bench.side import Outcome
from mlplab.bench.taken import Taken, time_of
from mlplab.bench.workload import Workload
from mlplab.spec import learning_rates
from mlplab.trial import draw


class PyTorch:
    """One network, its samples in memory as tensors.

    Its momentum multiplies the rate when a velocity is used, Keras's when it is made: the two part
    when the learning rate changes, at the same cost. Threads that share so little work may cost more than
    they bring: it trains on one or on all, whichever was faster beforehand.
    """

    networks = 1

    def __init__(self, workload: Workload, threads: int) -> None:
        import torch

        self.torch = torch
        training = workload.experiment.training
        self.workload = workload
        self.trial = draw(workload.experiment, seed=0)
        dataset = self.trial.dataset
        # Copies: PyTorch does not take arrays that must not be written.
        (self.x, self.y), self.validation, self.test = (
            (torch.tensor(split.x.copy()), torch.tensor(dataset.one_hot(split.y)))
            for split in (dataset.train, dataset.validation, dataset.test)
        )
        self.shuffles = [torch.tensor(self.trial.shuffle(e)) for e in range(workload.epochs)]
        optimizer = training.optimizer
        self.rates = learning_rates(
            optimizer.learning_rate, np.arange(self.trial.updates, dtype=np.float64)
        ).tolist()
        self.momentum = getattr(optimizer, "momentum", 0.0)

        layers: list[Any] = []
        *hidden, last = self.trial.weights
        for layer, w in enumerate(hidden):
            layers += [torch.nn.Linear(w.shape[1], w.shape[0]), torch.nn.ReLU()]
            layers += self._after_hidden(layer)
        layers += [torch.nn.Linear(last.shape[1], last.shape[0]), torch.nn.Softmax(dim=1)]
        self.model = torch.nn.Sequential(*layers)
        self.linear = [layer for layer in layers if isinstance(layer, torch.nn.Linear)]
        self._seconds_on(1)  # the first time, PyTorch sets itself up
        torch.set_num_threads(min({1, threads}, key=self._seconds_on))

    def _seconds_on(self, threads: int) -> float:
        self.torch.set_num_threads(threads)
        return self.train().seconds

    def train(self) -> Taken:
        """Train from the initial weights, and return what it took."""
        with self.torch.no_grad():
            for layer, w, b in zip(self.linear, self.trial.weights, self.trial.biases, strict=True):
                layer.weight.copy_(self.torch.tensor(w.copy()))
                layer.bias.copy_(self.torch.tensor(b.copy()))
        self.optimizer = self._new_optimizer()
        return time_of(self._train)

    def _after_hidden(self, layer: int) -> list[Any]:
        """Return what stands after the activation of a hidden layer: nothing."""
        return []

    def _new_optimizer(self) -> Any:
        return self.torch.optim.SGD(
            self.model.parameters(), lr=self.rates[0], momentum=self.momentum
        )

    def _penalty(self) -> Any:
        """Return what is added to the loss of a batch."""
        return 0.0

    def _after_epoch(self) -> None:
        """Do what is done after each epoch: nothing."""

    def _train(self) -> None:
        size, samples = self.workload.experiment.training.batch_size, self.workload.samples
        loss_of = self.torch.nn.MSELoss()
        self.updates = 0
        self.history = []
        for indices in self.shuffles:
            x, y = self.x[indices], self.y[indices]
            labels = y.argmax(dim=1)
            loss_seen, hits = self.torch.zeros(()), self.torch.zeros(())
            for start in range(0, samples, size):
                batch, truth = x[start : start + size], y[start : start + size]
                self.optimizer.param_groups[0]["lr"] = self.rates[self.updates]
                self.optimizer.zero_grad()
                p = self.model(batch)
                loss = loss_of(p, truth)
                (loss + self._penalty()).backward()
                self.optimizer.step()
                loss_seen += loss.detach() * len(batch)
                hits += (p.argmax(dim=1) == labels[start : start + size]).sum()
                self.updates += 1
            self.history.append((float(loss_seen) / samples, float(hits) / samples))
            self._after_epoch()

    def outcome(self) -> Outcome:
        """Return what became of the network."""
        weights = [layer.weight.detach().numpy() for layer in self.linear]
        biases = [layer.bias.detach().numpy() for layer in self.linear]
        return outcome_of(self.trial, (weights, biases), self.updates)
