"""What the page says, as acts: a message comes from a browser, and is checked as if it were typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlplab.errors import MlplabError
from mlplab.playground.pictures.of_a_session import Inspection
from mlplab.playground.take_away.link import PREFIX

if TYPE_CHECKING:
    from mlplab.playground.live import Live

Message = dict[str, Any]

LONGEST_LABEL = 20


class Messages:
    """Understands what a page says. A message of the type `x` is for the method `on_x`.

    Parameters
    ----------
    live : Live
        Of that page.
    """

    def __init__(self, live: Live) -> None:
        self._live = live

    def hear(self, message: Message) -> None:
        """Do what a message says; one that makes no sense changes nothing."""
        act = getattr(self, f"on_{message.get('type')}", None)
        if act is None:
            return
        try:
            act(message)
        except MlplabError as error:
            self._live.say(str(error))
        except (LookupError, TypeError, ValueError, OverflowError) as error:
            self._live.say(f"the page said what makes no sense here ({error})")

    def on_hello(self, message: Message) -> None:
        """Send a page that has come a frame."""
        self._live.wake()

    def on_drawn(self, message: Message) -> None:
        """Take note of a frame that has been drawn."""
        self._live.confirm(int(message["number"]))

    def on_key(self, message: Message) -> None:
        """Do what a key stands for."""
        self._live.transport.act(str(message["act"]))

    def on_link(self, message: Message) -> None:
        """Open the link in the page's address, unless it was written there just now."""
        text = str(message["text"])
        if text.startswith(PREFIX) and text != self._live.page.copied["text"]:
            self._live.open_link(text)

    # ---- The network -----------------------------------------------------------------------------

    def on_layers(self, message: Message) -> None:
        """Change the hidden layers."""
        widths = [int(width) for width in message["widths"]]
        self._live.take_table(self._live.setup.with_widths(widths))
        self._live.setup.show(self._live.session.experiment)

    def on_number(self, message: Message) -> None:
        """Put in a weight or bias by hand."""
        source = message.get("source")
        layer, output = int(message["layer"]), int(message["output"])
        value = float(message["value"])
        self._live.attempt(
            lambda: self._live.session.set_number(
                layer, output, None if source is None else int(source), value
            )
        )

    def on_by_hand(self, message: Message) -> None:
        """Put in weights of task 3, or want another line."""
        live = self._live
        pictures = live.pictures
        live.attempt(lambda: pictures.by_hand.act(live.session, pictures.extent, message))
        live.wake()  # what cannot be is answered as well

    # ---- What is looked at -----------------------------------------------------------------------

    def on_look_back(self, message: Message) -> None:
        """Show the network as it was."""
        step = int(message["step"])
        self._live.attempt(lambda: self._live.session.look_back(step))

    def on_inspect(self, message: Message) -> None:
        """Look at something else of the inside."""
        neurons = message.get("neurons")
        self._live.pictures.inspection = Inspection(
            what=str(message["what"]),
            layer=max(0, int(message["layer"])),
            neurons=None if neurons is None else (int(neurons[0]), int(neurons[1])),
        )
        self._live.wake()

    # ---- Many runs -------------------------------------------------------------------------------

    def on_replicate(self, message: Message) -> None:
        """Train a hundred of the same."""
        self._live.many_runs.replicate()

    def on_keep(self, message: Message) -> None:
        """Call the set-up A."""
        self._live.many_runs.keep()

    def on_compare(self, message: Message) -> None:
        """Train a hundred each of A and of the set-up as it is."""
        self._live.many_runs.compare()

    def on_map(self, message: Message) -> None:
        """Train a map of two numbers."""
        self._live.many_runs.draw_map(str(message["across"]), str(message["up"]))

    def on_load_cell(self, message: Message) -> None:
        """Load the set-up of a cell of the map."""
        self._live.many_runs.load_cell(int(message["row"]), int(message["column"]))

    def on_stop(self, message: Message) -> None:
        """End what is trained beside the session."""
        self._live.studies.stop(str(message["study"]))
        self._live.wake()

    # ---- Own points ------------------------------------------------------------------------------

    def on_add_point(self, message: Message) -> None:
        """Add a point."""
        x1, x2 = float(message["x1"]), float(message["x2"])
        label = str(message["label"])[:LONGEST_LABEL]
        self._live.draft.use(self._live.draft.points.with_point(x1, x2, label))

    def on_move_point(self, message: Message) -> None:
        """Move a point."""
        x1, x2 = float(message["x1"]), float(message["x2"])
        self._live.draft.use(self._live.draft.points.with_moved(self._index(message), x1, x2))

    def on_remove_point(self, message: Message) -> None:
        """Remove a point."""
        self._live.draft.use(self._live.draft.points.without(self._index(message)))

    def _index(self, message: Message) -> int:
        """Return the place among all own points of one that the page knows by its split."""
        split = self._live.draft.points.split
        places = [i for i, name in enumerate(split) if name == message["split"]]
        return places[int(message["index"])]
