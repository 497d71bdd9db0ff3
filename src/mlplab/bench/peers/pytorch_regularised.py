"""PyTorch with dropout and a penalty: a module, autograd and its own Adam, with validation and test."""

from __future__ import annotations

from typing import Any, cast

from mlplab.bench.peers.pytorch import PyTorch
from mlplab.bench.workload import Workload
from mlplab.spec import L2, Adam


class RegularisedPyTorch(PyTorch):
    """One network, trained by Adam with dropout, and an L2 penalty on all weights as a part of the loss.

    Its Adam adds ε to the root of the corrected moment, Keras's to that of the moment as it is.
    """

    def __init__(self, workload: Workload, threads: int) -> None:
        regularizer = cast(L2 | None, workload.experiment.network.kernel_regularizer)
        self.strength = 0.0 if regularizer is None else regularizer.l2
        super().__init__(workload, threads)

    def _after_hidden(self, layer: int) -> list[Any]:
        """Return what stands after the activation of a hidden layer."""
        rate = self.workload.experiment.network.dropout_rates[layer]
        return [self.torch.nn.Dropout(rate)]

    def _new_optimizer(self) -> Any:
        adam = cast(Adam, self.workload.experiment.training.optimizer)
        return self.torch.optim.Adam(
            self.model.parameters(),
            lr=self.rates[0],
            betas=(adam.beta_1, adam.beta_2),
            eps=adam.epsilon,
        )

    def _penalty(self) -> Any:
        return self.strength * sum(layer.weight.square().sum() for layer in self.linear)

    def _after_epoch(self) -> None:
        """Validate."""
        self.validated.append(self._evaluated(self.validation))

    def _train(self) -> None:
        self.validated: list[tuple[float, float]] = []
        super()._train()
        self.tested = self._evaluated(self.test)

    def _evaluated(self, split: tuple[Any, Any]) -> tuple[float, float]:
        """Return loss with penalty and accuracy on a split, without dropout."""
        x, y = split
        self.model.eval()
        with self.torch.no_grad():
            p = self.model(x)
            loss = self.torch.nn.functional.mse_loss(p, y) + self._penalty()
            hits = (p.argmax(dim=1) == y.argmax(dim=1)).float().mean()
        self.model.train()
        return float(loss), float(hits)
