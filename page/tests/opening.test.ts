// Links and files that are opened in quick succession, and what is no file.

import assert from "node:assert/strict";
import { test } from "node:test";

import { writeLink } from "../src/exports/link.ts";
import type { Action } from "../src/state/actions.ts";
import { openAddress, warningOf } from "../src/state/address.ts";
import { newSession } from "../src/state/session.ts";
import { FIRST } from "../src/state/presets.ts";
import { openFile } from "../src/view/files/opening.ts";

/** What is dispatched while links come into the address at once, one after the other. */
async function opened(...fragments: readonly string[]): Promise<Action[]> {
  const location = { hash: "", pathname: "/", search: "" };
  const history = { state: null, replaceState: () => void (location.hash = "") };
  Object.assign(globalThis, { location, history });
  const actions: Action[] = [];
  const all = fragments.map((fragment) => {
    location.hash = `#${fragment}`;
    return openAddress((action) => actions.push(action));
  });
  await Promise.all(all);
  return actions;
}

test("of links in quick succession the last one counts, also where it is damaged and said so sooner", async () => {
  const link = await writeLink(newSession(FIRST.experiment));
  assert.deepEqual((await opened(link, "mlplab-2-!")).map(({ kind }) => kind), ["complain"]);
  assert.deepEqual((await opened("mlplab-2-!", link)).map(({ kind }) => kind), ["open_session"]);
});

test("a folder that is dropped is said to be no file", async () => {
  const unreadable = { name: "folder", size: 0, text: () => Promise.reject(new DOMException("no", "NotFoundError")) };
  const actions: Action[] = [];
  await openFile(unreadable as unknown as File, "0", (action) => actions.push(action));
  assert.deepEqual(actions, [
    { kind: "complain", sentence: "folder cannot be opened. It cannot be read: a file was expected." },
  ]);
});

test("an address that others cannot open says so", () => {
  assert.match(warningOf("file:///home/me/page.html#x"), /opens this file on this machine only/);
  for (const own of ["127.0.0.1:8642", "localhost:8080", "[::1]:80"]) {
    assert.match(warningOf(`http://${own}/#x`), /this machine only: for others, put the page on a web host/);
  }
  for (const other of ["https://lab.example.org/play/#x", "http://192.168.1.10:8642/#x"]) {
    assert.equal(warningOf(other), "");
  }
});
