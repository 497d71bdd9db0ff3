// Opens a file that was chosen, or dropped on the page.

import { Refusal } from "../../text/refusal.ts";
import { readSession, sessionOfExperiment } from "../../exports/session_reading.ts";
import { readToml } from "../../spec/toml_reading.ts";
import type { Dispatch } from "../../state/actions.ts";
import { beginOpening } from "../../state/asked.ts";
import { openPoints } from "../../state/open_points.ts";
import type { Session } from "../../state/session.ts";
import type { Store } from "../../state/store.ts";
import { sentence } from "../../text/sentence.ts";

const LARGEST = 16_000_000; // bytes

/** Open a session, an experiment.toml or points; what is wrong is said, and nothing else changes. */
export async function openFile(file: File, seed: string, dispatch: Dispatch): Promise<void> {
  if (/\.(csv|tsv|txt)$/i.test(file.name)) return openPoints(file, seed, dispatch);
  const isLast = beginOpening();
  try {
    if (file.size > LARGEST) throw new Refusal(`the page opens files of ${LARGEST / 1e6} MB at most`);
    const session = sessionIn(await textOf(file));
    if (isLast()) dispatch({ kind: "open_as_entry", session });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (isLast()) dispatch({ kind: "complain", sentence: `${file.name} cannot be opened. ${sentence(error.message)}` });
  }
}

async function textOf(file: File): Promise<string> {
  try {
    return await file.text();
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    throw new Refusal("it cannot be read: a file was expected");
  }
}

function sessionIn(text: string): Session {
  if (/^\s*\{/.test(text)) return readSession(text);
  return sessionOfExperiment(readToml(text, "the file"));
}

/** Take files that are dropped anywhere on the page. */
export function followDrops({ dispatch, get }: Store): void {
  addEventListener("dragover", (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
  addEventListener("drop", (event) => {
    const file = event.dataTransfer?.files[0];
    if (file === undefined || event.defaultPrevented) return;
    event.preventDefault();
    void openFile(file, get().seed, dispatch);
  });
}
