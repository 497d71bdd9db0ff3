// What goes out of the page and comes in: links, files, and the file that is opened.

import { useRef, useState } from "preact/hooks";

import { download } from "../../exports/download.ts";
import { type ExportedFile, FILES } from "../../exports/files.ts";
import { exportedNetwork } from "../../exports/network.ts";
import { POINTS_FILE } from "../../exports/csv_files.ts";
import { isLacking } from "../../state/point_set.ts";
import { isCatchingUp } from "../../state/training.ts";
import type { State } from "../../state/state.ts";
import { Button } from "../button.tsx";
import { Dialog } from "../dialog.tsx";
import { help } from "../help/help.ts";
import type { Properties } from "../properties.ts";
import { Links } from "./links.tsx";
import { openFile } from "./opening.ts";
import { Pictures } from "./pictures.tsx";

/** A button, and the dialog that it opens. A network that trains pauses, so that all files are of the same one. */
export function Files({ state, dispatch }: Properties) {
  const [isOpen, setOpen] = useState(false);
  function open(): void {
    if (state.playing) dispatch({ kind: "toggle_play" });
    setOpen(true);
  }
  return (
    <>
      <Button {...help("files")} onClick={open}>Files</Button>
      {isOpen && (
        <Dialog name="files" title="Files and links" onClose={() => setOpen(false)}>
          {(close) => <Content state={state} dispatch={dispatch} onOpened={close} />}
        </Dialog>
      )}
    </>
  );
}

function Content({ state, dispatch, onOpened }: Properties & { readonly onOpened: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const isLacked = isLacking(state);
  const isReady = isLacked || (exportedNetwork(state) !== null && !state.playing && !isCatchingUp(state));
  const withoutNetwork = ["session.json", POINTS_FILE];
  function take({ name, write }: ExportedFile): void {
    const content = write(state);
    if (content !== null) download(name, content);
  }
  return (
    <>
      <p class="muted" role="status">{isReady ? whatIsTaken(state) : "The network is being made …"}</p>
      <h3>A link</h3>
      <Links state={state} isReady={isReady} />
      <h3>A file</h3>
      <ul class="files-list">
        {FILES.map((file) => (
          <li key={file.name}>
            <Button
              disabled={!isReady || (isLacked && !withoutNetwork.includes(file.name))}
              onClick={() => take(file)}
            >
              {file.title}
            </Button>
            <span class="muted">{file.says}</span>
          </li>
        ))}
        <Pictures theme={state.theme} />
      </ul>
      <h3>Open</h3>
      <div class="files-row">
        <Button onClick={() => input.current?.click()}>Open a file …</Button>
        <span class="muted">a session, an experiment.toml, or points (CSV); or drop it on the page</span>
        <input
          type="file"
          ref={input}
          hidden
          aria-label="file to open"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file === undefined) return;
            onOpened();
            void openFile(file, state.seed, dispatch);
          }}
        />
      </div>
    </>
  );
}

function whatIsTaken(state: State): string {
  const { result, lookAt, seed } = state;
  if (isLacking(state)) return "Of the points alone: there is no network of them yet.";
  const when = lookAt === null ? "" : ", to which you look back";
  return `Of the network of seed ${seed} after ${result?.shownStep ?? 0} updates${when}.`;
}
