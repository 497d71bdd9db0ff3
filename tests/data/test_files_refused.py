"""A file of samples that cannot be used is answered in one sentence."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas
import pytest

from mlplab.data import SPLITS, Dataset, Samples, draw_dataset, write_samples
from mlplab.errors import MissingExtraError
from mlplab.installation import install_command
from mlplab.spec import Arrays, Experiment, SamplesFile

Message = Callable[[Callable[[], object]], str]


def read(path: Path, seed: int = 1, **values: Any) -> Dataset:
    return draw_dataset(SamplesFile(path=path, **values), seed)


GOOD = "1,2,a\n3,4,b\n" * 3


def npz_file(**arrays: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def npy_file() -> bytes:
    file = io.BytesIO()
    np.save(file, np.eye(6, 2))
    return file.getvalue()


def damaged(content: bytes) -> bytes:
    """Overwrite bytes in the middle of the compressed points."""
    return content[:100] + b"\0" * 50 + content[150:]


def compressed_file() -> bytes:
    file = io.BytesIO()
    x = np.random.default_rng(1).normal(size=(100, 2))
    np.savez_compressed(file, x=x, y=[0, 1] * 50)
    return file.getvalue()


def zip_file(x: bytes, kind: int = zipfile.ZIP_STORED, flags: int = 0) -> bytes:
    """Return an NPZ file whose x has this content."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", kind) as archive:
        archive.writestr("x.npy", x)
        archive.filelist[0].flag_bits |= flags  # as they are listed at the end
    return file.getvalue()


def with_header(text: str) -> bytes:
    """Return an array's file of 8 bytes, of which the header says something else."""
    return b"\x93NUMPY\1\0" + len(text).to_bytes(2, "little") + text.encode() + bytes(8)


def with_shape(shape: str) -> bytes:
    return with_header(f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({shape},)}}\n")


def in_lzma(content: bytes) -> bytes:
    """Return an NPZ file whose compressed x is damaged."""
    whole = zip_file(content, zipfile.ZIP_LZMA)
    return whole[:50] + b"\xff" * 20 + whole[70:]


X, Y = np.eye(6, 2), np.array([0, 1] * 3)
ALL_SPLITS = np.repeat(SPLITS, 2)
NOT_NPZ = "FILE is not an NPZ file of plain arrays: "
SHAPES = "FILE: expected x of shape (samples, features) and y of shape (samples,), received "

BAD_CSV = {
    "": "FILE: the label's column 'label' is missing; there is no header at all",
    "x1,x2\n1,2\n": "FILE: the label's column 'label' is missing; known: x1, x2",
    "x1;x2;label\n1;2;a\n": (
        "FILE: the label's column 'label' is missing; the header is "
        "'x1;x2;label': separate columns by commas"
    ),
    "x1\tx2\tlabel\n1\t2\ta\n": (
        "FILE: the label's column 'label' is missing; the header is "
        "'x1\\tx2\\tlabel': separate columns by commas"
    ),
    "x1,x2,label\n": "FILE: no samples below the header",
    f"x1,x2,label\n{GOOD}1,two,a\n": (
        "FILE, line 8, column 'x2': expected a number, received 'two'"
    ),
    f"x1,x2,label\n\n\n{GOOD},2,a\n": "FILE, line 10, column 'x1': expected a number, received ''",
    f"x1,x2,label\n{GOOD}1\n": "FILE, line 8, column 'x2': expected a number, received ''",
    f'x1,x2,label\n{GOOD}"a\nb",2,a\n': (
        r"FILE, line 9, column 'x1': expected a number, received 'a\nb'"
    ),
    f"x1,x2,label\nnan,2,a\n{GOOD}": (
        "FILE, line 2, column 'x1': expected a finite number, received 'nan'"
    ),
    f"x1,x2,label\n1,-inf,a\n{GOOD}": (
        "FILE, line 2, column 'x2': expected a finite number, received '-inf'"
    ),
    f"x1,x2,label\n{GOOD}1,2,\n": "FILE, line 8: the label is missing",
    f'x1,x2,label\n{GOOD}1,2," "\n': "FILE, line 8: the label is missing",
    "x1,x2,x1,label\n1,2,3,a\n": "FILE: 2 columns are called 'x1'",
    "x1,label, label \n1,a,b\n": "FILE: 2 columns are called 'label'",
    "x1,x2,Label\n1,2,a\n": (
        "FILE: the label's column 'label' is missing; did you mean 'Label'? (known: x1, x2, Label)"
    ),
    "note,label\nwarm,a\n": "FILE: no column of numbers to learn from (found: note)",
    "label\na\n": "FILE: no column of numbers to learn from (found: none besides what is to be learned)",
    # Python alone takes an underscore for part of a number; a decimal comma is no word, either.
    f"x1,x2,label\n{GOOD}1_000,2,a\n": (
        "FILE, line 8, column 'x1': expected a number, received '1_000'"
    ),
    "x1,x2,label\n1_000,2,a\n": "FILE, line 2, column 'x1': expected a number, received '1_000'",
    'x1,x2,label\n"0,5",2,a\n': "FILE, line 2, column 'x1': expected a number, received '0,5'",
    # It may be one class or two, so it is neither.
    "x1,label\n1,1\n2,2\n3,01\n": (
        "FILE, line 4: the labels '01' and '1' are one number in two spellings; "
        "spell each class in one way"
    ),
    "x1,label\n1,1.0\n2,2\n3,1\n": (
        "FILE, line 4: the labels '1' and '1.0' are one number in two spellings; "
        "spell each class in one way"
    ),
    "x1,label\n1,1\n2,2\n3,1.5\n": (
        "FILE, line 4: a label must be a whole number or a name, received '1.5'; numbers to approximate "
        'are targets, as the dataset says it: target = "…"'
    ),
    'x1,label\n1,a\n2,"b\n3,a\n': (
        "FILE, line 3: the row cannot be read (unexpected end of data); is each quotation mark closed?"
    ),
    "x1,label\n1,a\0\n": ("FILE is not text in UTF-8 (it holds zero bytes); save it as CSV UTF-8"),
    # A comma for a decimal point must not shift the columns in silence.
    "x1,x2,label\n0,5,0,7,1\n": "FILE, line 2: the row has more values than the header has names (3)",
    "x1;x2;label\n0,5;0,7;1\n": "FILE: the header is 'x1;x2;label': separate columns by commas",
    "x1,x2,label\n1,2,a\n3,4,a\n": ("FILE: two classes at least are needed, received only 'a'"),
    "x1,x2,label\n1,2,a\n3,4,a\n5,6,a\n7,8,b\n9,10,b\n": (
        "FILE: each class needs three samples at least, 'b' has 2"
    ),
    "x1,label\n" + "".join(f"{i},{250_000 + i}\n" for i in range(30)): (
        "FILE: each class needs three samples at least, '250000' has 1; numbers to approximate are "
        'targets, as the dataset says it: target = "…"'
    ),
    "x1,x2,label,split\n1,2,a,train\n3,4,b,tset\n": (
        "FILE, line 3: unknown split 'tset'; did you mean 'test'? (known: train, validation, test)"
    ),
    "x1,x2,label,split\n1,2,a,train\n3,4,b\n": (
        "FILE, line 3: unknown split ''; known: train, validation, test"
    ),
    "x1,x2,label,split\n1,2,a,train\n3,4,b,train\n5,6,a,validation\n7,8,b,test\n9,0,a,test\n": (
        "FILE: the validation split has no sample of class 'b'"
    ),
    "x1,x2,label,split\n1,2,a,train\n3,4,b,train\n5,6,a,validation\n7,8,b,validation\n": (
        "FILE: the test split has no sample of class 'a'"
    ),
}

BAD_NPZ = {
    "empty": (b"", f"{NOT_NPZ}File is not a zip file"),
    "text": (b"x1,x2,label\n", f"{NOT_NPZ}File is not a zip file"),
    "npy": (npy_file(), f"{NOT_NPZ}File is not a zip file"),
    "cut off": (npz_file(x=X, y=Y)[:300], f"{NOT_NPZ}File is not a zip file"),
    "damaged": (damaged(compressed_file()), NOT_NPZ),
    "damaged lzma": (in_lzma(npy_file()), NOT_NPZ),
    "encrypted": (
        zip_file(npy_file(), flags=1),
        f"{NOT_NPZ}File 'x.npy' is encrypted, password required for extraction",
    ),
    "more than any memory": (zip_file(with_shape("1" + "0" * 15)), NOT_NPZ),
    "no header": (zip_file(with_header("(" * 99 + "\n")), NOT_NPZ),
    "a long header": (zip_file(with_header("-" * 20_000)), NOT_NPZ),
    "no size": (zip_file(with_shape("9" * 30)), NOT_NPZ),
    "pickled": (
        npz_file(x=X, y=Y.astype(object)),
        f"{NOT_NPZ}Object arrays cannot be loaded when allow_pickle=False",
    ),
    "no arrays": (npz_file(), "FILE: array 'x' is missing; it holds no arrays at all"),
    "no x": (npz_file(X=X, y=Y), "FILE: array 'x' is missing; did you mean 'X'? (known: X, y)"),
    "no y": (npz_file(x=X, split=ALL_SPLITS), "FILE: array 'y' is missing; known: x, split"),
    "x of one dimension": (
        npz_file(x=X[:, 0], y=Y),
        f"{SHAPES}(6,) and (6,); one feature is x.reshape(-1, 1)",
    ),
    "flat x": (npz_file(x=X.ravel(), y=Y), f"{SHAPES}(12,) and (6,)"),
    "one-hot y": (
        npz_file(x=X, y=np.eye(6, 2)),
        f"{SHAPES}(6, 2) and (6, 2); of one-hot labels, y.argmax(axis=1); of numbers to approximate, the "
        'dataset names them: target = ["…", …]',
    ),
    "y too short": (npz_file(x=X, y=Y[:5]), f"{SHAPES}(6, 2) and (5,)"),
    "no points": (npz_file(x=X[:0], y=Y[:0]), f"{SHAPES}(0, 2) and (0,)"),
    "nan": (
        npz_file(x=X * np.nan, y=Y),
        "FILE, row 0, feature 'x1': expected a finite number, received nan",
    ),
    "inf": (
        npz_file(x=X + np.inf, y=Y),
        "FILE, row 0, feature 'x1': expected a finite number, received inf",
    ),
    "complex": (npz_file(x=X + 1j, y=Y), "FILE: x must hold real numbers, received complex128"),
    "text x": (npz_file(x=X.astype(str), y=Y), "FILE: x must hold real numbers, received <U32"),
    "fractions": (
        npz_file(x=X, y=Y / 2),
        "FILE, row 1: a label must be a whole number or a name, received 0.5; numbers to approximate "
        'are targets, as the dataset says it: target = "…"',
    ),
    "infinite y": (
        npz_file(x=X, y=[0, 1, 0, 1, 0, np.inf]),
        "FILE, row 5: a label must be a whole number or a name, received inf",
    ),
    "bytes": (
        npz_file(x=X, y=np.array([b"a", b"\xe9"] * 3)),
        "FILE, row 0: a label must be a whole number or a name, received np.bytes_(b'a')",
    ),
    "empty name": (
        npz_file(x=X, y=np.array(["a", " "] * 3)),
        "FILE, row 1: the label is missing",
    ),
    "one class": (
        npz_file(x=X, y=Y * 0),
        "FILE: two classes at least are needed, received only '0'",
    ),
    "class missing in a split": (
        npz_file(x=X, y=np.sort(Y), split=ALL_SPLITS),
        "FILE: the train split has no sample of class '1'",
    ),
    "unknown split": (
        npz_file(x=X, y=Y, split=np.array(["train", "dev"] * 3)),
        "FILE, row 1: unknown split 'dev'; known: train, validation, test",
    ),
    "split of numbers": (
        npz_file(x=X, y=Y, split=Y),
        "FILE: expected split to be text of shape (6,), received int64 of shape (6,)",
    ),
    "split too short": (
        npz_file(x=X, y=Y, split=ALL_SPLITS[:5]),
        "FILE: expected split to be text of shape (6,), received <U10 of shape (5,)",
    ),
    "names of numbers": (
        npz_file(x=X, y=Y, feature_names=[1, 2]),
        "FILE: expected feature_names to be text of shape (features,), received int64 of shape (2,)",
    ),
    "one name of two": (
        npz_file(x=X, y=Y, feature_names=["a"]),
        "FILE: expected 2 feature names, as many as x has columns, received 1",
    ),
    "two features of one name": (
        npz_file(x=X, y=Y, feature_names=["a", "a "]),
        "FILE: each feature needs a name of its own, received 'a'",
    ),
}


@pytest.mark.parametrize(("text", "wanted"), BAD_CSV.items(), ids=range(len(BAD_CSV)))
def test_bad_csv_is_answered_in_one_sentence(
    text: str, wanted: str, tmp_path: Path, message: Message
):
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    assert message(lambda: read(path)) == wanted.replace("FILE", str(path))


@pytest.mark.parametrize(("content", "wanted"), BAD_NPZ.values(), ids=BAD_NPZ)
def test_bad_npz_is_answered_in_one_sentence(
    content: bytes, wanted: str, tmp_path: Path, message: Message
):
    path = tmp_path / "own.npz"
    path.write_bytes(content)
    answer = message(lambda: read(path))
    assert "\n" not in answer
    if wanted == NOT_NPZ:  # what is damaged, zlib says in words that depend on its version
        assert answer.startswith(wanted.replace("FILE", str(path)))
    else:
        assert answer == wanted.replace("FILE", str(path))


def test_csv_of_another_encoding(tmp_path: Path, message: Message):
    path = tmp_path / "own.csv"
    path.write_bytes("x1,x2,label\n1,2,blå\n".encode("latin-1"))
    assert message(lambda: read(path)) == (
        f"{path} is not text in UTF-8 (invalid continuation byte at byte 18); save it as CSV UTF-8"
    )


@pytest.mark.parametrize("suffix", [".csv", ".npz", ".parquet"])
def test_file_that_cannot_be_read(suffix: str, tmp_path: Path, message: Message):
    absent = tmp_path / f"absent{suffix}"
    folder = tmp_path / f"folder{suffix}"
    folder.mkdir()
    assert message(lambda: read(absent)) == f"cannot read '{absent}': No such file or directory"
    assert message(lambda: read(folder)) == f"cannot read '{folder}': Is a directory"


@pytest.mark.parametrize("name", ["points.txt", "points", "points.npy"])
def test_other_suffixes_are_neither_read_nor_written(name: str, tmp_path: Path, message: Message):
    path = tmp_path / name
    dataset = draw_dataset(Experiment(dataset="moons").dataset, seed=1)
    suffix = path.suffix
    assert message(lambda: read(path)) == (
        f"{path}: samples are read from .csv, .npz or .parquet, received '{suffix}'"
    )
    assert message(lambda: write_samples(dataset, path)) == (
        f"{path}: samples are written to .csv, .npz or .parquet, received '{suffix}'"
    )
    assert not path.exists()


def test_bad_parquet_is_answered_in_one_sentence(tmp_path: Path, message: Message):
    path = tmp_path / "own.parquet"
    path.write_text("x1,label\n1,a\n")
    assert message(lambda: read(path)).startswith(f"{path} is not a Parquet file: ")
    pandas.DataFrame({"x1": [1.0, None, 3.0], "label": list("aab")}).to_parquet(path)
    assert message(lambda: read(path)) == (
        f"{path}, row 1, column 'x1': expected a finite number, received nan"
    )


@pytest.mark.parametrize("missing", ["pandas", "pyarrow"])
def test_parquet_needs_an_extra(missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, missing, None)
    path = tmp_path / "own.parquet"
    wanted = (
        f"Parquet needs pandas and pyarrow, and {missing} is missing: "
        f"install it with  {install_command('data')}"
    )
    with pytest.raises(MissingExtraError) as reading:
        read(path)
    assert str(reading.value) == f"reading {wanted}"
    with pytest.raises(MissingExtraError) as writing:
        write_samples(draw_dataset(Experiment(dataset="moons").dataset, seed=1), path)
    assert str(writing.value) == f"writing {wanted}"
    assert not path.exists()


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("name", ["label", "split"])
def test_a_feature_called_like_another_column_is_not_written(
    name: str, suffix: str, tmp_path: Path, message: Message
):
    samples = Samples.from_arrays(X, Y, feature_names=["a", name])
    path = tmp_path / f"own{suffix}"
    assert message(lambda: write_samples(samples.split_by(Arrays(), 1), path)) == (
        f"{path}: a feature and another column are both called '{name}'"
    )
    assert not path.exists()


@pytest.mark.parametrize("suffix", [".csv", ".npz", ".parquet"])
def test_folder_that_cannot_be_written(suffix: str, tmp_path: Path, message: Message):
    dataset = draw_dataset(Experiment(dataset="moons").dataset, seed=1)
    (tmp_path / "file").touch()
    below = tmp_path / "file" / f"points{suffix}"
    absent = tmp_path / "absent" / f"points{suffix}"
    assert message(lambda: write_samples(dataset, below)) == (
        f"cannot write '{below}': Not a directory"
    )
    assert message(lambda: write_samples(dataset, absent)) == (
        f"cannot write '{absent}': No such file or directory"
    )
