"""`mlplab boundary`: the weights that draw a line, the line that weights draw, and K clusters."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlplab.boundary import (
    EQUATION_11,
    EQUATION_12,
    Line,
    LineFamily,
    SingleLayer,
    best_accuracy,
    check,
    cluster_lines,
    separate_clusters,
)
from mlplab.cli.boundary import boundary
from mlplab.cli.matrix import read_biases, read_weights, write_layer
from mlplab.errors import MlplabError

LINE = "x2 = 1 - x1"

undrawn = pytest.mark.usefixtures("undrawn_figures")


def printed_layer(page: str) -> tuple[str, str]:
    """Return W and b as they are printed, for --weights and --biases."""
    W = re.search(r"W = (\[\[-?\d.*?\]\])", page, re.DOTALL)
    b = re.search(r"b = (\[-?\d.*?\])", page, re.DOTALL)
    assert W is not None
    assert b is not None
    return W[1], b[1]


def drawn_files() -> list[str]:
    return sorted(str(path) for path in Path().rglob("*.*"))


@undrawn
@pytest.mark.parametrize(
    ("line", "side", "sharpness"),
    [
        (LINE, "below", 10),
        (LINE, "above", 3),
        ("x1 = 1/3", "right", 0.5),
        ("x2 = -2/7*x1", "below", 1),
    ],
)
def test_a_line_is_solved(run: Callable[..., Any], line: str, side: str, sharpness: float) -> None:
    result = run("boundary", line, "--class-0", side, "--sharpness", sharpness)
    assert (result.exit_code, result.stderr) == (0, "")
    family = LineFamily(Line.parse(line))
    for text in (*family.constraints, family.exclusion, *str(family).splitlines()):
        assert f"\n    {text}\n" in result.stdout
    W, b = printed_layer(result.stdout)
    found = check(read_weights(W), read_biases(b), family.line)
    assert (found.is_right, found.class_0) == (True, side)
    assert found.sharpness == pytest.approx(sharpness)
    assert "as wanted" in result.stdout


@undrawn
def test_without_options_it_is_the_first_side_and_a_sharpness_of_10(
    run: Callable[..., Any],
) -> None:
    W, b = printed_layer(run("boundary", LINE).stdout)
    wanted = LineFamily(Line.parse(LINE)).member(sharpness=10, class_0="below")
    assert (read_weights(W), read_biases(b)) == (wanted.W.tolist(), wanted.b.tolist())


@undrawn
def test_what_is_printed_can_be_checked(run: Callable[..., Any]) -> None:
    W, b = printed_layer(run("boundary", "x2 = 1/3 - 0.7*x1").stdout)
    result = run("boundary", "x2 = 1/3 - 0.7*x1", "--weights", W, "--biases", b)
    assert "as wanted" in result.stdout


@pytest.mark.parametrize("layer", [EQUATION_11, EQUATION_12])
def test_both_solutions_of_the_report_are_right(
    run: Callable[..., Any], layer: SingleLayer
) -> None:
    W = ";".join(f"{first:g},{second:g}" for first, second in layer.W)
    b = ",".join(f"{value:g}" for value in layer.b)
    result = run("boundary", LINE, "--weights", W, "--biases", b, "--out", "a/b")
    assert result.exit_code == 0, result.output
    assert write_layer(layer).splitlines()[0] in result.stdout
    assert f"draw the line {LINE}, as wanted. Class 0 lies below it" in result.stdout
    assert drawn_files() == ["a/b/boundary.png", "a/b/boundary.svg"]


@undrawn
@pytest.mark.parametrize(
    ("arguments", "finding"),
    [
        ([LINE, "--weights", "1,0;0,1", "--biases", "1,0"], "x2 = 1 + x1, not the wanted"),
        ([LINE, "--weights", "1,1;1,1", "--biases", "1,0"], "draw no line"),
        (
            [LINE, "--weights", "-1,0;0,1", "--biases", "1,0", "--class-0", "above"],
            "Only the labels are swapped",
        ),
        (["--weights", "-1,0;0,1", "--biases", "1,0"], f"draw the line {LINE}."),
    ],
)
def test_given_weights_are_explained(
    run: Callable[..., Any], plain: Callable[[str], str], arguments: list[str], finding: str
) -> None:
    result = run("boundary", *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    assert finding in plain(result.stdout)


@undrawn
@pytest.mark.parametrize(
    "words", [["-x1 + x2 = 1"], ["-x1+x2=1", "--sharpness", "3"], ["x2", "=", "1", "+", "x1"]]
)
def test_a_line_may_begin_with_a_minus_or_lack_quotes(
    run: Callable[..., Any], plain: Callable[[str], str], words: list[str]
) -> None:
    result = run("boundary", *words)
    assert result.exit_code == 0, result.output
    assert "draw the line x2 = 1 + x1, as wanted" in plain(result.stdout)


def test_a_line_as_far_away_as_a_float_reaches_is_drawn(run: Callable[..., Any]) -> None:
    for arguments in (["x2 = 1e17 - x1"], ["--weights", "1,1;0,0", "--biases", "-1e99,0"]):
        result = run("boundary", *arguments)
        assert (result.exit_code, result.stderr) == (0, "")
        assert drawn_files() == ["boundary/boundary.png", "boundary/boundary.svg"]


@pytest.mark.parametrize(("classes", "sigma"), [(2, None), (4, 0.06)])
def test_clusters_are_separated(
    run: Callable[..., Any],
    plain: Callable[[str], str],
    classes: int,
    sigma: float | None,
) -> None:
    options = [] if sigma is None else ["--sigma", sigma]
    result = run("boundary", "--clusters", classes, *options)
    assert (result.exit_code, result.stderr) == (0, "")
    W, b = printed_layer(result.stdout)
    wanted = separate_clusters(classes, sigma=sigma or 0.1)
    np.testing.assert_array_equal(read_weights(W), wanted.W)
    np.testing.assert_array_equal(read_biases(b), wanted.b)
    for k, line in enumerate(cluster_lines(classes)):
        assert f"    {k} and {k + 1}:  {line}\n" in result.stdout
    share = 100 * best_accuracy(classes, sigma or 0.1)
    assert f"{share:.2f} % right" in plain(result.stdout)
    assert drawn_files() == ["boundary/boundary.png", "boundary/boundary.svg"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "a line is needed, such as 'x2 = 1 - x1', or --weights and --biases, or --clusters"),
        (["--sharpness", "3"], "a line is needed"),
        (["y = x"], "unknown name 'y'"),
        ([""], "it is empty"),
        (["__import__('os') = 1"], "unexpected character"),
        ([LINE, "--sharpness", "0"], "sharpness must be above 0"),
        ([LINE, "--sharpness", "nan"], "sharpness must be above 0"),
        ([LINE, "--class-0", "left"], "is 'below' or 'above', received 'left'"),
        ([LINE, "--weights", "1,2;3,4"], "--weights and --biases are needed together"),
        ([LINE, "--biases", "1,2"], "--weights and --biases are needed together"),
        ([LINE, "--weights", "1,2;3", "--biases", "1,2"], "received 1 in row 2 of '1,2;3'"),
        ([LINE, "--weights", "1,2;3,4;5,6", "--biases", "1,2,3"], "W must have shape (2, 2)"),
        ([LINE, "--weights", "1,2;3,4", "--biases", "1"], "b must have shape (2,)"),
        ([LINE, "--weights", "1,nan;3,4", "--biases", "1,2"], "finite numbers"),
        (["--weights", "1,2;3,4", "--biases", "1,2", "--class-0", "below"], "--class-0 below is"),
        (
            [LINE, "--weights", "1,2;3,4", "--biases", "1,2", "--sharpness", "3"],
            "--sharpness does not apply to --weights",
        ),
        ([LINE, "--sigma", "1"], "--sigma does not apply without --clusters"),
        ([LINE, "--clusters", "3"], "a line does not apply to --clusters"),
        (["--clusters", "3", "--sharpness", "3"], "--sharpness does not apply to --clusters"),
        (["--clusters", "1"], "--clusters must be from 2 to 20, received 1"),
        (["--clusters", "21"], "--clusters must be from 2 to 20, received 21"),
        (["--clusters", "3", "--sigma", "0"], "sigma must be above zero"),
        (["--clusters", "3", "--sigma", "1e-200"], "sigma must be above zero (1e-40 to 1e40)"),
        (["--clusters", "3", "--sigma", "1e200"], "received 1e+200"),
        (["--clusters", "3", "--sigma", "1e7"], "less than or equal to 1000000, received 1"),
        ([LINE, "--out", "file"], "'file' is a file"),
    ],
)
def test_wrong_input_is_one_sentence(
    refused: Callable[..., str], arguments: list[str], sentence: str
) -> None:
    Path("file").touch()
    assert sentence in refused("boundary", *arguments)


@undrawn
def test_the_examples_of_the_help_run(run: Callable[..., Any]) -> None:
    lines = str(boundary.__doc__).splitlines()
    examples = [shlex.split(line)[1:] for line in lines if " mlplab " in line]
    assert len(examples) == 3
    for example in examples:
        assert run(*example).exit_code == 0


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("1,2;3,4", [[1, 2], [3, 4]]),
        (" 1 , -2e1 ; .5, 1/4 ", [[1, -20], [0.5, 0.25]]),
        ("[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
        ("[[1, 2],\n     [3, 4]]", [[1, 2], [3, 4]]),
        ("[1,2],[3,4]", [[1, 2], [3, 4]]),
        ("−1,0;0,1", [[-1, 0], [0, 1]]),
        ("1,2", [[1, 2]]),
    ],
)
def test_weights_are_read(text: str, rows: list[list[float]]) -> None:
    assert read_weights(text) == rows


@pytest.mark.parametrize("text", ["1,0", "1;0", "[1, 0]", "[[1], [0]]", "[[1],\n[0]]"])
def test_biases_are_read(text: str) -> None:
    assert read_biases(text) == [1, 0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "received ''"),
        ("1,x;3,4", "such as 2, -0.5 or 1/3, received 'x'"),
        ("1,1/0;3,4", "received '1/0'"),
        ("1,2;", "received ''"),
        ("1 2;3 4", "received '1 2'"),
        ("1,__import__('os')", "received"),
        ("1,2,3;4,5,6", "received 3 in row 1 of '1,2,3;4,5,6'"),
    ],
)
def test_weights_that_are_none_are_refused(text: str, message: str) -> None:
    with pytest.raises(MlplabError, match=re.escape(message)):
        read_weights(text)
