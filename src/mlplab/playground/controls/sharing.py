"""The lower left: own points, a link that restores everything, and files to take away."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import panel as pn

from mlplab.errors import MlplabError
from mlplab.playground.controls.file_chooser import FileChooser
from mlplab.playground.controls.forms import pair, widget
from mlplab.playground.controls.setup import heading
from mlplab.playground.session.own_points import LARGEST_FILE, OwnPoints
from mlplab.playground.take_away.files import FILES, available_files, everything
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
        self._trouble = live.setup.troubles["dataset"]
        self._fill_own_points()
        self._fill_take_away()

    def _fill_own_points(self) -> None:
        begin = widget(pn.widgets.Button, label="Draw own")
        keep = widget(pn.widgets.Button, label="Edit these")
        self._leave = widget(pn.widgets.Button, label="Back to a dataset", visible=False)
        file = widget(
            FileChooser,
            on_file=self._open,
            on_refused=self._say_trouble,
            accept=".csv,.toml,.txt",
            label="open a file",
            most=LARGEST_FILE,
        )
        begin.on_click(lambda event: self._live.draft.use(OwnPoints.none()))
        keep.on_click(lambda event: self._try(self._edit_these))
        self._leave.on_click(lambda event: self._try(self._live.draft.leave))
        label = pn.pane.HTML(
            '<span style="color:var(--muted);font-size:12px">'
            "own points (a CSV with columns x1, x2, label), an experiment (TOML), or session.txt</span>",
            margin=0,
        )
        self._live.setup.own_buttons.objects = [
            pair(begin, keep),
            self._leave,
            label,
            file,
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
        self._choice.param.watch(self._choice_made, "value")
        copy = widget(pn.widgets.Button, label="Copy link")
        copy.on_click(lambda event: self._copy_link())
        self._live.setup.take_away.objects = [
            heading("Take away"),
            copy,
            self._choice,
            self._download,
        ]

    def show(self) -> None:
        """Bring the way back to a dataset and the choice of files up to date."""
        session = self._live.session
        self._leave.visible = self._live.draft.is_own
        with session.lock:
            names = [EVERYTHING, *available_files(session)]
        self._choice.options = names
        if self._choice.value not in names:
            self._choice.value = EVERYTHING
        self._name_download()

    def _choice_made(self, event: Any) -> None:
        self._name_download()
        self._live.wake()

    def _name_download(self) -> None:
        chosen = self._choice.value
        self._download.filename = "mlplab.zip" if chosen == EVERYTHING else chosen
        self._download.label = f"Download {self._download.filename}"

    def _content(self) -> io.BytesIO:
        session = self._live.session
        self._live.wake()
        with session.lock:
            chosen = self._choice.value
            return io.BytesIO(
                everything(session) if chosen == EVERYTHING else FILES[chosen](session)
            )

    def _try(self, act: Callable[[], None]) -> None:
        """Do what a button or a file says; what is wrong stands below the field."""
        try:
            act()
        except MlplabError as error:
            self._say_trouble(str(error))

    def _say_trouble(self, sentence: str) -> None:
        """Show what is wrong below the field."""
        self._trouble.say(sentence)
        self._live.wake()

    def _edit_these(self) -> None:
        self._live.draft.use(OwnPoints.from_dataset(self._live.session.stepper.trial.dataset))

    def _open(self, name: str, content: bytes) -> None:
        """Take a file that was chosen: a session by its beginning, an experiment by its name."""
        text = content.removeprefix(codecs.BOM_UTF8).strip()
        if text.startswith(b"mlplab-"):
            self._try(lambda: self._live.open_link(text.decode("ascii", "replace")))
        elif name.lower().endswith(".toml"):
            self._try(lambda: self._load(name, content))
        else:
            self._try(lambda: self._take_points(name, content))

    def _take_points(self, name: str, content: bytes) -> None:
        points = OwnPoints.from_csv(content, name, self._live.session.seed)
        self._live.pictures.forget_extent()
        self._live.draft.use(points)

    def _load(self, name: str, content: bytes) -> None:
        text = content.decode("utf-8-sig", "replace")
        self._live.load(Experiment.from_toml_text(text, source=name))

    def _copy_link(self) -> None:
        link = self._live.link()
        if len(link) > LONGEST_ADDRESS:
            self._live.say(
                "this is too much for an address: download session.txt, which restores the same"
            )
            return
        self._live.page.copied = {"text": link}
        self._live.say("the link is in the address line, and on the clipboard")
