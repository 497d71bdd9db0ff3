"""The lower left: own points, a link that restores everything, and files to take away."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import panel as pn

from mlplab.errors import MlplabError
from mlplab.playground.forms import pair, widget
from mlplab.playground.own_points import OwnPoints
from mlplab.playground.presets import FIRST
from mlplab.playground.setup import heading
from mlplab.playground.takeaway import FILES, available_files, everything
from mlplab.spec import Experiment

if TYPE_CHECKING:
    from mlplab.playground.live import Live

EVERYTHING = "everything (zip)"

LONGEST_ADDRESS = 1_500_000
"""Letters of a link that browsers take; a longer one is for `session.txt`."""


class Sharing:
    """Own points in, everything out.

    Parameters
    ----------
    live : Live
        Whose set-up has places for the widgets.
    """

    def __init__(self, live: Live) -> None:
        self._live = live
        self._fill_own_points()
        self._fill_take_away()

    def _fill_own_points(self) -> None:
        begin = widget(pn.widgets.Button, label="Draw own")
        keep = widget(pn.widgets.Button, label="Edit these")
        self._leave = widget(pn.widgets.Button, label="Back to a dataset", visible=False)
        self._file = widget(pn.widgets.FileInput, accept=".csv,.toml,.txt", label="open a file")
        begin.on_click(lambda event: self._live.use_points(OwnPoints.none()))
        keep.on_click(lambda event: self._edit_these())
        self._leave.on_click(lambda event: self._live.choose_preset(FIRST))
        self._file.param.watch(self._file_chosen, "value")
        label = pn.pane.HTML(
            '<span style="color:var(--muted);font-size:12px">'
            "own points (a CSV with columns x1, x2, label), an experiment (TOML), or session.txt</span>",
            margin=0,
        )
        self._live.setup.own_buttons.objects = [
            pair(begin, keep),
            self._leave,
            label,
            self._file,
        ]

    def _fill_take_away(self) -> None:
        self._choice = widget(pn.widgets.Select, label="file", options=[EVERYTHING, *FILES])
        self._download = widget(
            pn.widgets.FileDownload,
            callback=self._content,
            filename="mlplab.zip",
            label="Download",
            embed=False,
            auto=True,
        )
        self._choice.param.watch(lambda event: self._name_download(), "value")
        copy = widget(pn.widgets.Button, label="Copy link")
        copy.on_click(lambda event: self._copy_link())
        self._live.setup.take_away.objects = [
            heading("Take away"),
            copy,
            self._choice,
            self._download,
        ]

    def show(self) -> None:
        """Bring the choice of files up to date."""
        with self._live.session.lock:
            names = available_files(self._live.session)
        self._choice.options = [EVERYTHING, *names]
        if self._choice.value not in self._choice.options:
            self._choice.value = EVERYTHING
        self._leave.visible = self._live.session.own is not None
        self._name_download()

    def _name_download(self) -> None:
        chosen = self._choice.value
        self._download.filename = "mlplab.zip" if chosen == EVERYTHING else chosen
        self._download.label = f"Download {self._download.filename}"

    def _content(self) -> io.BytesIO:
        session = self._live.session
        with session.lock:
            chosen = self._choice.value
            return io.BytesIO(
                everything(session) if chosen == EVERYTHING else FILES[chosen](session)
            )

    def _edit_these(self) -> None:
        dataset = self._live.session.stepper.trial.dataset
        try:
            points = OwnPoints.of(dataset)
        except MlplabError as error:
            self._live.page.message = str(error)
            return
        self._live.use_points(points)

    def _file_chosen(self, event: Any) -> None:
        if not event.new:
            return
        name = self._file.filename or "the file"
        self._file.clear()  # else a browser says nothing when the same file is chosen again
        if event.new[:7] == b"mlplab-":
            self._live.open_link(event.new.decode("ascii", errors="replace").strip())
            return
        if name.endswith(".toml"):
            self._load(event.new, name)
            return
        try:
            points = OwnPoints.from_csv(event.new, name, self._live.session.seed)
        except MlplabError as error:
            self._live.setup.troubles["dataset"].say(str(error))
            return
        self._live.setup.troubles["dataset"].say("")
        self._live.forget_extent()
        self._live.use_points(points)

    def _load(self, content: bytes, name: str) -> None:
        try:
            experiment = Experiment.from_toml_text(content.decode("utf-8", "replace"), source=name)
        except MlplabError as error:
            self._live.setup.troubles["dataset"].say(str(error))
            return
        self._live.load(experiment)

    def _copy_link(self) -> None:
        link = self._live.link()
        if len(link) > LONGEST_ADDRESS:
            self._live.page.message = (
                "this is too much for an address: download session.txt, which restores the same"
            )
            return
        self._live.page.copied = {"text": link}
        self._live.page.message = "the link is in the address line, and on the clipboard"
