// Help: every field has a hint, every text a sentence, and every term an entry; the tour and where a tip stands.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { type Field, forms, isFamily, kinds, resolved, spec } from "../src/spec/schema.ts";
import { initialState } from "../src/state/state.ts";
import { TOUR } from "../src/state/tour.ts";
import { update } from "../src/state/update.ts";
import { fieldHelp, help } from "../src/view/help/help.ts";
import { HINTS, hintOf } from "../src/view/help/hints.ts";
import { placeBeside } from "../src/view/help/placing.ts";
import { TEXTS } from "../src/view/help/texts.ts";

declare const PAGE_FOLDER: string;

/** The paths of all fields that the page can show: each kind of each family. */
function paths(path: string, field: Field): string[] {
  const whole = resolved(field);
  const inside = (part: Field) =>
    Object.entries(part.properties ?? {}).flatMap(([name, each]) =>
      each.const === undefined ? paths(path === "" ? name : `${path}.${name}`, each) : [],
    );
  if (isFamily(whole)) {
    const offered = [...kinds(whole)].filter(([kind]) => path !== "dataset" || spec.planar.includes(kind));
    return [`${path}.kind`, ...offered.flatMap(([, kind]) => inside(kind))];
  }
  if (whole.properties !== undefined) return inside(whole);
  const parts = forms(whole).map(resolved).filter((form) => isFamily(form) || form.properties !== undefined);
  const layers = forms(whole).some(({ type }) => type === "array") && forms(whole).length > 1 ? [`${path}.each`, `${path}.0`] : [];
  const isMenuOnly = forms(whole).map(resolved).every((form) => isFamily(form) || form.type === "null");
  return [...(isMenuOnly ? [] : [path]), ...layers, ...parts.flatMap((part) => paths(path, part))];
}

const FIELDS = [...new Set(paths("", spec.schema))].filter((path) => path !== "training.dtype");

test("every field of the set-up has a hint", () => {
  assert.ok(FIELDS.length > 80);
  const without = FIELDS.filter((path) => hintOf(path).tries === "");
  assert.deepEqual(without, []);
  assert.equal(hintOf("training.class_weight.alpha"), HINTS["class_weight"]);
  assert.equal(hintOf("network.layer_width.3"), HINTS["layer_width"]);
  assert.equal(hintOf("training.optimizer.from_elsewhere").tries, "");
});

test("every hint is of a field", () => {
  const used = new Set([...FIELDS, "stop-rule"].map(hintOf));
  const idle = Object.entries(HINTS).filter(([, hint]) => !used.has(hint));
  assert.deepEqual(idle.map(([name]) => name), []);
});

test("texts are sentences, and their terms are in the glossary", () => {
  for (const [name, { says, tries }] of Object.entries(TEXTS)) {
    assert.match(says, /^[A-Z][^\n]*\.$/, name);
    assert.match(tries, /^[a-z“][^\n]*[.?]$/, name);
  }
  for (const [name, { tries }] of Object.entries(HINTS)) assert.match(tries, /^[^A-Z\n].*\.$|^Adam .*\.$/, name);
  const terms = [...Object.values(TEXTS), ...Object.values(HINTS)].flatMap(({ terms }): readonly string[] => terms);
  assert.deepEqual(terms.filter((term) => spec.glossary[term] === undefined), []);
});

test("every text is used by a part of the page", () => {
  const folder = join(PAGE_FOLDER, "src", "view");
  const sources = (readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => /\.tsx?$/.test(name) && !name.endsWith("texts.ts"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
  const idle = Object.keys(TEXTS).filter((name) => !name.startsWith("tab_") && !sources.includes(`"${name}"`));
  assert.deepEqual(idle, []);
});

test("an explanation is there for the eye and for the ear", () => {
  const { says, tries } = TEXTS.play;
  assert.deepEqual(help("play"), {
    "data-help": says,
    "data-try": tries,
    "data-terms": "training|update",
    "aria-description": `${says} Try: ${tries}`,
  });
  assert.equal(fieldHelp("network.dropout", "As `Keras`.")["data-help"], "As Keras.");
});

test("the tour has five steps, shows its parts and can be left", () => {
  const begin = { ...initialState("light"), enlarged: "plane" as const };
  const next = (state: ReturnType<typeof update>) => update(state, { kind: "help", act: { kind: "move_step", by: 1 } });
  const invited = update(begin, { kind: "help", act: { kind: "invite" } });
  assert.equal(invited.help.isInvited, true);
  assert.equal(invited.help.step, null);
  const first = update(invited, { kind: "help", act: { kind: "take_tour" } });
  assert.equal(first.enlarged, null);
  assert.equal(first.help.isInvited, false);
  assert.equal(first.tab, "answers");
  const last = TOUR.slice(1).reduce(next, first);
  assert.equal(TOUR.length, 5);
  assert.equal(last.tab, "runs");
  assert.ok(last.revision > first.revision); // the worker is told what is looked at
  assert.equal(next(last), last);
  const left = update(last, { kind: "help", act: { kind: "leave_tour" } });
  assert.equal(left.help.step, null);
});

test("one dialog of help is open, and pointing closes it and the tour", () => {
  const open = update(initialState("light"), { kind: "help", act: { kind: "open_help" } });
  const glossary = update(open, { kind: "help", act: { kind: "open_glossary", term: "epoch" } });
  assert.deepEqual([open.help.dialog, glossary.help.dialog, glossary.help.term], ["help", "glossary", "epoch"]);
  const pointing = update({ ...glossary, help: { ...glossary.help, step: 2 } }, { kind: "help", act: { kind: "point", on: true } });
  assert.deepEqual([pointing.help.dialog, pointing.help.isPointing, pointing.help.step], [null, true, null]);
});

test("a tip stands within the window, and not over what it explains where there is room", () => {
  const windowed = { width: 1000, height: 700 };
  const tip = { width: 300, height: 120 };
  for (const toTheSide of [false, true])
    for (let left = -20; left < 1000; left += 97)
      for (let top = -20; top < 700; top += 83) {
        const around = { left, top, width: 80, height: 30 };
        const [x, y] = placeBeside(around, tip, windowed, toTheSide);
        assert.ok(x >= 8 && x + tip.width <= 992 && y >= 8 && y + tip.height <= 692, `${left} ${top}`);
        const isOver = x < left + 80 && left < x + tip.width && y < top + 30 && top < y + tip.height;
        assert.ok(!isOver, `${left} ${top} is covered`);
      }
});
