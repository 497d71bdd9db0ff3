"""Where a network's numbers stand in the kernels' arrays: packing and unpacking.

A block has a column for each network: the rows of layer l are W output by output, then b. One network
has rows of its own weights: for each output its weights, its bias, and zeros up to a whole row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlplab.drawing import packed_width
from mlplab.engine.aligned import aligned_zeros
from mlplab.engine.arrays import Whole
from mlplab.engine.lanes import LANES

Float = NDArray[np.floating[Any]]
Layers = tuple[tuple[Float, ...], tuple[Float, ...]]
"""W of each layer, (outputs, inputs), and b of each, (outputs,)."""


def rows_of(inputs: Any) -> Any:
    """Return how many rows hold the weights and the bias of one output, for one or several numbers."""
    return (inputs + LANES) // LANES


@dataclass(frozen=True, eq=False)
class Layout:
    """Neurons of each level, and the rows at which layers and levels begin.

    Attributes
    ----------
    sizes : ndarray of int64, shape (layers + 1,)
        Inputs, the neurons of each hidden layer, outputs.
    level : ndarray of int64, shape (layers + 1,)
        Neurons before each level.
    block_begin, single_begin : ndarray of int64, shape (layers + 1,)
        Rows of parameters before each layer, and in all, in a block and for one network.
    """

    sizes: Whole
    level: Whole
    block_begin: Whole
    single_begin: Whole

    @classmethod
    def from_sizes(cls, sizes: Sequence[int]) -> Layout:
        """Lay out a network of these sizes."""
        inputs, outputs = np.array(sizes[:-1]), np.array(sizes[1:])
        return cls(
            sizes=np.array(sizes, dtype=np.int64),
            level=_starts(sizes)[:-1],
            block_begin=_starts((inputs + 1) * outputs),
            single_begin=_starts(rows_of(inputs) * outputs),
        )

    @staticmethod
    def pack_block(layers: Sequence[tuple[Float, Float]]) -> Float:
        """Return the parameters of LANES networks, shape (rows, LANES).

        Parameters
        ----------
        layers : sequence of (ndarray, ndarray)
            W of each layer, shape (LANES, outputs, inputs), and b, shape (LANES, outputs).
        """
        parts = [part for layer in layers for part in layer]
        return np.ascontiguousarray(np.concatenate([p.reshape(len(p), -1).T for p in parts]))

    def unpack_block(self, theta: Float, lane: int) -> Layers:
        """Return the parameters of the network in a lane."""
        weights, biases = [], []
        for begin, inputs, outputs in zip(
            self.block_begin, self.sizes[:-1], self.sizes[1:], strict=False
        ):
            middle = begin + inputs * outputs
            weights.append(theta[begin:middle, lane].reshape(outputs, inputs).copy())
            biases.append(theta[middle : middle + outputs, lane].copy())
        return tuple(weights), tuple(biases)

    def pack_single(self, layers: Layers) -> Float:
        """Return one network's parameters, shape (rows, LANES)."""
        theta = aligned_zeros((self.single_begin[-1], LANES), layers[0][0].dtype)
        for layer, (w, b) in enumerate(zip(*layers, strict=True)):
            table = self._single_layer(theta, layer)
            table[:, : w.shape[1]] = w
            table[:, w.shape[1]] = b
        return theta

    def unpack_single(self, theta: Float) -> Layers:
        """Return the parameters of `pack_single`."""
        tables = [self._single_layer(theta, layer) for layer in range(len(self.sizes) - 1)]
        inputs = self.sizes[:-1]
        return (
            tuple(table[:, :n].copy() for table, n in zip(tables, inputs, strict=True)),
            tuple(table[:, n].copy() for table, n in zip(tables, inputs, strict=True)),
        )

    def _single_layer(self, theta: Float, layer: int) -> Float:
        """View a layer's rows as a table with a line for each output."""
        rows = theta[self.single_begin[layer] : self.single_begin[layer + 1]]
        return rows.reshape(self.sizes[layer + 1], -1)


def pack_samples(x: NDArray[Any], y: NDArray[Any], dtype: Any, *answers: Any) -> Float:
    """Return samples as the kernels read them: features and what is to be learned side by side.

    So a sample of up to three features is one read from memory. The samples of a block are such arrays
    along the first axis, one for each lane; where that axis is 1, all lanes share them.

    Parameters
    ----------
    x : ndarray, shape (samples, features)
    y : ndarray, shape (samples,) or (samples, T)
        Labels, 0 to K - 1, or T targets.
    dtype : dtype
        Of the training, float32 or float64.
    *answers : ndarray, shape (samples,), or float
        What follows, as `heads` says.

    Returns
    -------
    ndarray, shape (1, samples, width)
        Of a sample x, then y from column `features` on, the answers, and zeros up to `packed_width`.

    Examples
    --------
    >>> pack_samples(np.array([[0.5, 0.25]]), np.array([3]), np.float32).tolist()
    [[[0.5, 0.25, 3.0, 0.0]]]
    """
    samples, features = x.shape
    learned = y.reshape(samples, -1)
    end = features + learned.shape[1]
    packed = np.zeros((1, samples, packed_width(end, len(answers))), dtype)
    packed[0, :, :features], packed[0, :, features:end] = x, learned
    for i, answer in enumerate(answers):
        packed[0, :, end + i] = answer
    return packed


def _starts(counts: Any) -> Whole:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
