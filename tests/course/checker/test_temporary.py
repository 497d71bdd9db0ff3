"""A temporary folder removes itself, and no other folder."""

from __future__ import annotations

from pathlib import Path

from mlplab.course.checker.temporary import TemporaryFolder


def test_folders_that_others_made_beside_it_stay(tmp_path: Path) -> None:
    # Many systems give the next folder the number of the last one that was removed.
    folder = TemporaryFolder("place-", tmp_path)
    folder.path.rmdir()
    others = [tmp_path / f"somebody's {i}" for i in range(50)]
    for other in others:
        other.mkdir()
    folder.remove()
    assert sorted(tmp_path.iterdir()) == sorted(others)


def test_a_folder_in_its_place_is_another_one(tmp_path: Path) -> None:
    folder = TemporaryFolder("place-", tmp_path)
    assert folder.is_there()
    folder.path.rmdir()
    folder.path.mkdir()
    assert not folder.is_there()
    folder.path.rename(tmp_path / "moved")
    folder.remove()
    assert [path.name for path in tmp_path.iterdir()] == ["moved"]


def test_it_is_removed_where_it_was_moved(tmp_path: Path) -> None:
    folder = TemporaryFolder("place-", tmp_path)
    folder.path.rename(tmp_path / "moved")
    (tmp_path / "moved" / "file").touch()
    folder.remove()
    assert list(tmp_path.iterdir()) == []
