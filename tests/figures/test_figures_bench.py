from __future__ import annotations

import pytest

from mlplab.errors import MlplabError
from mlplab.figures.bench import CostLine, CostPanel, cost_figure


def panel(quantity: str, base: float = 1e-3, growth: float = 1.0) -> CostPanel:
    sizes = (1, 4, 16, 64)
    costs = [base * growth**i for i in range(len(sizes))]
    seconds = [(cost, 1.1 * cost, 1.3 * cost) for cost in costs]
    lines = tuple(CostLine(name, sizes, seconds) for name in ("one network", "32 networks"))
    return CostPanel(quantity, lines)


def test_lines_go_through_medians_in_milliseconds():
    [axes] = cost_figure([panel("layer width", 2e-3, 3.0)]).axes
    for line in axes.lines:
        assert line.get_xdata().tolist() == [1, 4, 16, 64]
        assert line.get_ydata().tolist() == pytest.approx([2.2, 6.6, 19.8, 59.4])


def test_the_band_holds_all_rounds():
    [axes] = cost_figure([panel("layer width", 2e-3)]).axes
    for band in axes.collections:
        heights = band.get_paths()[0].vertices[:, 1]
        assert (heights.min(), heights.max()) == pytest.approx((2.0, 2.6))


def test_what_hardly_varies_looks_it():
    flat, steep = cost_figure([panel("a", growth=1.01), panel("b", growth=10.0)]).axes
    low, high = flat.get_ylim()
    assert high / low == pytest.approx(10)
    assert low < 1.0
    assert high > 1.4
    assert steep.get_ylim()[1] / steep.get_ylim()[0] > 1000


@pytest.mark.parametrize(("panels", "growth"), [(1, 2.0), (2, 8.0), (4, 1.0), (4, 8.0)])
def test_all_is_labelled_and_nothing_spills(words_of, spills_of, panels, growth):
    figure = cost_figure([panel(f"size {i}", growth=growth) for i in range(panels)])
    said = words_of(figure)
    assert {f"size {i}" for i in range(panels)} <= set(said)
    assert said.count("time (ms)") == said.count("one network") == panels
    assert "Time for one epoch of one network" in said
    assert spills_of(figure) == []
    for axes in figure.axes:
        low, high = axes.get_ylim()
        assert sum(low <= tick <= high for tick in axes.get_yticks()) >= 2


def test_no_panel_is_refused():
    with pytest.raises(MlplabError, match="one panel at least"):
        cost_figure([])
