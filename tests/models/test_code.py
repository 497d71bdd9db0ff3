"""What is written in NumPy, C and JavaScript predicts the class that the model predicts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.models.invented import grid_of, invented, many_models, overflowing

from mlplab.errors import MlplabError
from mlplab.models import Model
from mlplab.models.c_code import C, c_code
from mlplab.models.elementwise import translated
from mlplab.models.javascript_code import JAVASCRIPT, javascript_code
from mlplab.models.literals import number_text
from mlplab.models.numpy_code import numpy_code
from mlplab.spec import ACTIVATIONS, Activation

GCC, NODE = shutil.which("gcc"), shutil.which("node")
NAMES = ("crème", '"; system("x"); //', "*/ \\u2028 ${x} `\n??/")
MODELS = [*many_models(), invented(label_names=NAMES, feature_names=("a\\", "'\"'"))]

Answers = list[tuple[NDArray[np.int64], NDArray[np.float64]]]
"""Of each model the class of each point, and its probabilities; of targets only these."""


def tolerance_of(model: Model, tolerance: Any) -> float:
    """Of outputs about 1 in size; targets of the invented networks reach some tens."""
    return float(tolerance.float32 if model.dtype == np.float32 else tolerance.float64) * 10


def classes_of(model: Model, outputs: NDArray[Any]) -> NDArray[np.int64]:
    return outputs.argmax(axis=1) if model.label_names else np.zeros(len(outputs), np.int64)


@pytest.fixture(scope="module")
def of_numpy(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    answers = []
    for i, model in enumerate(MODELS):
        text = numpy_code(model)
        program: dict[str, Any] = {}
        exec(compile(text, f"model{i}.py", "exec"), program)
        x = grid_of(model)
        predicted = program["predict"](x)
        if model.label_names:
            classes = [model.label_names.index(label) for label in predicted.tolist()]
            answers.append((np.array(classes), program["predict_proba"](x)))
        else:
            answers.append((np.zeros(len(x), np.int64), predicted))
    return answers


C_MAIN = """
#include <stdio.h>
{includes}
int main(void) {{
    static double x[16], p[16];
    int points;
    FILE *file = fopen("points", "rb");
{runs}
    return 0;
}}
"""

C_RUN = """
    if (fread(&points, sizeof points, 1, file) != 1) return 1;
    for (int i = 0; i < points; i++) {{
        if (fread(x, sizeof *x, {features}, file) != {features}) return 1;
        {call}
        for (int k = 0; k < {answers}; k++) printf("%.17g ", p[k]);
    }}
"""


@pytest.fixture(scope="module")
def of_c(tmp_path_factory: pytest.TempPathFactory) -> Answers:
    if GCC is None:
        pytest.skip("there is no gcc to compile C with")
    folder = tmp_path_factory.mktemp("c")
    includes, runs, points = "", "", b""
    for i, model in enumerate(MODELS):
        (folder / f"model{i}.h").write_text(c_code(model, f"model{i}"), encoding="utf-8")
        includes += f'#include "model{i}.h"\n'
        call = f"model{i}_predict(x, p);"
        if model.label_names:
            call = f'printf("%d ", model{i}_predict(x)); model{i}_predict_proba(x, p);'
        runs += C_RUN.format(features=model.features, call=call, answers=model.answers)
        x = grid_of(model)
        points += np.int32(len(x)).tobytes() + x.astype(np.float64).tobytes()
    (folder / "main.c").write_text(C_MAIN.format(includes=includes, runs=runs))
    (folder / "points").write_bytes(points)
    how = ["-std=c99", "-O1", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wno-unused-variable"]
    subprocess.run([GCC, *how, "main.c", "-o", "main", "-lm"], cwd=folder, check=True)
    done = subprocess.run(["./main"], cwd=folder, check=True, capture_output=True, text=True)
    return split(np.array(done.stdout.split(), np.float64))


def split(numbers: NDArray[np.float64]) -> Answers:
    """Of all numbers that a program prints, those of each model."""
    answers = []
    for model in MODELS:
        points, has_class = len(grid_of(model)), bool(model.label_names)
        count = points * (model.answers + has_class)
        own, numbers = numbers[:count].reshape(points, -1), numbers[count:]
        classes = own[:, 0] if has_class else np.zeros(points)
        answers.append((classes.astype(np.int64), own[:, int(has_class) :]))
    assert not len(numbers)
    return answers


JS_MAIN = """
import { readFileSync } from "node:fs";
const points = JSON.parse(readFileSync("points.json"));
const answers = [];
for (const [i, of] of points.entries()) {
  const model = await import(`./model${i}.mjs`);
  answers.push({
    names: [model.featureNames, model.labelNames ?? model.targetNames],
    predicted: of.map(model.predict),
    outputs: of.map(model.predictProba ?? model.predict),
  });
}
console.log(JSON.stringify(answers));
"""


@pytest.fixture(scope="module")
def of_node(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    if NODE is None:
        pytest.skip("there is no node to run JavaScript with")
    folder = tmp_path_factory.mktemp("javascript")
    for i, model in enumerate(MODELS):
        (folder / f"model{i}.mjs").write_text(javascript_code(model), encoding="utf-8")
    (folder / "points.json").write_text(json.dumps([grid_of(m).tolist() for m in MODELS]))
    (folder / "main.mjs").write_text(JS_MAIN)
    done = subprocess.run([NODE, "main.mjs"], cwd=folder, check=True, capture_output=True)
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


@pytest.fixture(scope="module")
def of_javascript(of_node: list[dict[str, Any]]) -> Answers:
    return [
        (
            np.array(each["predicted"] if m.label_names else [0] * len(each["outputs"])),
            np.array(each["outputs"]),
        )
        for m, each in zip(MODELS, of_node, strict=True)
    ]


@pytest.mark.parametrize("language", ["numpy", "c", "javascript"])
@pytest.mark.parametrize("i", range(len(MODELS)), ids=[f"{m.activations}" for m in MODELS])
def test_every_point_of_a_grid_has_the_same_class(
    language: str, i: int, tolerance: Any, request: pytest.FixtureRequest
):
    answers: Answers = request.getfixturevalue(f"of_{language}")
    classes, outputs = answers[i]
    wanted = MODELS[i].outputs(grid_of(MODELS[i]))
    np.testing.assert_array_equal(classes, classes_of(MODELS[i], wanted))
    assert len(set(classes.tolist())) > 1 or not MODELS[i].label_names
    near = tolerance_of(MODELS[i], tolerance)
    np.testing.assert_allclose(outputs, wanted, rtol=near, atol=near)


def test_names_in_any_letters_come_out_as_they_are(of_node: list[dict[str, Any]]):
    model, found = MODELS[-1], of_node[-1]["names"]
    assert found == [list(model.feature_names), list(model.label_names)]
    program: dict[str, Any] = {}
    exec(numpy_code(model), program)
    assert (program["FEATURE_NAMES"], program["LABEL_NAMES"]) == tuple(found)


@pytest.mark.skipif(GCC is None, reason="there is no gcc to compile C with")
def test_names_in_any_letters_come_out_as_they_are_in_c(tmp_path: Path):
    model = MODELS[-1]
    (tmp_path / "rings.h").write_text(c_code(model, "rings"))
    prints = (
        '#include <stdio.h>\n#include "rings.h"\nint main(void) {\n'
        'for (int k = 0; k < RINGS_FEATURES; k++) printf("%s|", rings_feature_names[k]);\n'
        'for (int k = 0; k < RINGS_CLASSES; k++) printf("%s|", rings_label_names[k]);\n}\n'
    )
    (tmp_path / "main.c").write_text(prints)
    subprocess.run(
        [str(GCC), "-trigraphs", "main.c", "-o", "main", "-lm"], cwd=tmp_path, check=True
    )
    done = subprocess.run(["./main"], cwd=tmp_path, check=True, capture_output=True)
    assert done.stdout.decode().split("|")[:-1] == [*model.feature_names, *model.label_names]


def test_a_name_does_not_end_the_script_of_a_page():
    model = invented(("relu",))
    names = ("</script><!--", *model.label_names[1:])
    code = javascript_code(replace(model, label_names=names, experiment=None))
    assert "</script" not in code
    assert "<!--" not in code
    [line] = [each for each in code.splitlines() if each.startswith("export const labelNames")]
    assert tuple(json.loads(line.partition("= ")[2].rstrip(";"))) == names


def test_outputs_that_are_not_finite_predict_nothing(tmp_path: Path):
    model = overflowing()
    program: dict[str, Any] = {}
    exec(numpy_code(model), program)
    with pytest.raises(ValueError, match="an output is not finite"), np.errstate(all="ignore"):
        program["predict"]([[1e3, 1e3]])
    with pytest.raises(ValueError, match=r"x must have shape \(samples, 2\), received \(1, 3\)"):
        program["predict"]([[1, 2, 3]])
    if GCC:
        (tmp_path / "model.h").write_text(c_code(model))
        (tmp_path / "main.c").write_text(
            '#include "model.h"\nint main(void) {'
            "double x[] = {1e3, 1e3}; return model_predict(x) == -1 ? 0 : 1; }"
        )
        subprocess.run([GCC, "main.c", "-o", "main", "-lm"], cwd=tmp_path, check=True)
        subprocess.run(["./main"], cwd=tmp_path, check=True)
    if NODE:
        (tmp_path / "model.mjs").write_text(javascript_code(model), encoding="utf-8")
        code = 'import { predict } from "./model.mjs"; console.log(predict([1e3, 1e3]));'
        (tmp_path / "main.mjs").write_text(code)
        done = subprocess.run([NODE, "main.mjs"], cwd=tmp_path, check=True, capture_output=True)
        assert done.stdout == b"-1\n"


def test_a_numpy_file_needs_nothing_but_numpy(tmp_path: Path):
    path = tmp_path / "model.py"
    path.write_text(numpy_code(invented(("gelu", "mish"))), encoding="utf-8")
    code = (
        "import sys, numpy; before = set(sys.modules); import model; model.predict([[1, 2]]);"
        "print(*{name.split('.')[0] for name in set(sys.modules) - before})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert set(done.stdout.split()) <= {"model", "math", "numpy"}


@pytest.mark.parametrize("language", [C, JAVASCRIPT], ids=["C", "JavaScript"])
def test_a_formula_that_is_not_known_is_one_sentence(language: Any):
    def strange(z: Any) -> Any:
        return np.sinc(z)

    def looping(z: Any) -> Any:
        for _ in range(2):
            z = z + 1
        return z

    with pytest.raises(MlplabError) as refused:
        translated(strange, language)
    assert str(refused.value) == (
        f"the activation strange cannot be written in {language.name}: 'np.sinc(z)' is not known there"
    )
    with pytest.raises(MlplabError, match=r"^the activation looping cannot be written in"):
        translated(looping, language)


@pytest.mark.parametrize("write", [c_code, javascript_code, numpy_code])
def test_an_activation_from_outside_is_written_too(
    write: Callable[[Model], str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(ACTIVATIONS, "bent", Activation(bent, bent, "{z} / (1 + |{z}|)", ""))
    assert "abs" in write(invented(("bent",)))


def bent(far: Any) -> Any:
    """A name that Windows' headers define, for z."""
    near = 1 + np.abs(far)
    return far / near


def test_a_formula_that_calls_another_cannot_stand_alone(monkeypatch: pytest.MonkeyPatch):
    def twice(z: Any) -> Any:
        return bent(bent(z))

    monkeypatch.setitem(ACTIVATIONS, "twice", Activation(twice, twice, "", ""))
    with pytest.raises(
        MlplabError, match=r"^the activation twice cannot be written on its own: it"
    ):
        numpy_code(invented(("twice",)))


@pytest.mark.parametrize("name", ["1.3", "int", "a b", "", "ä", "x);"])
def test_a_name_that_is_none_in_c_is_refused(name: str):
    with pytest.raises(
        MlplabError, match=r"^expected a name as C has them, such as rings, received"
    ):
        c_code(invented(), name)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_numbers_are_read_back_exactly(dtype: Any):
    bits = np.random.default_rng(0).integers(0, 2**63, 20_000, dtype=np.uint64)
    values = (
        bits.view(np.float64) if dtype is np.float64 else bits.astype(np.uint32).view(np.float32)
    )
    values = values[np.isfinite(values)]
    values = [*values[:4000], dtype(5e-324), np.finfo(dtype).max, np.finfo(dtype).tiny, dtype(0)]
    for value in values:
        text = number_text(value)
        assert dtype(float(text)) == value
        assert dtype(text) == value
