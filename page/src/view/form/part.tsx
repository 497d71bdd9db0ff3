// The fields of a part of the spec, such as an optimizer, made from what its schema says of them.

import type { ComponentChildren } from "preact";

import { hasTargets, type Experiment } from "../../engine/experiment.ts";
import { looksAtMetric, lossesOf, smoothsLabels } from "../../spec/losses.ts";
import { inside } from "../../spec/paths.ts";
import { type Field, formOf, forms, isFamily, kinds, mayBeNothing, optionalPart, partKinds, resolved, spec } from "../../spec/schema.ts";
import type { Direction } from "../../spec/stepping.ts";
import type { Json, JsonTable } from "../../spec/values.ts";
import type { Dispatch } from "../../state/actions.ts";
import { CLASS_WEIGHT, isInFlight, type Mistake, valueAt } from "../../state/form.ts";
import { Lock, LOCKED } from "../lesson/lock.tsx";
import { words } from "../../text/sentence.ts";
import { fieldHelp } from "../help/help.ts";
import { Menu, NumberField, Switch, TextField } from "./fields.tsx";

/** What all fields of a form have in common. */
interface Filling {
  readonly experiment: Experiment;
  /** What the classes are called. */
  readonly labelNames: readonly string[];
  readonly mistakes: Readonly<Record<string, Mistake>>;
  /** Whether a lesson locks a path. */
  readonly locks: (path: string) => boolean;
  /** Whether what the lesson locks is seen. */
  readonly seesLocked: boolean;
  /** Whether there is something at a path, or below it, that one may change. */
  readonly isOpen: (path: string) => boolean;
  readonly dispatch: Dispatch;
}

interface Properties {
  readonly path: string;
  readonly field: Field;
  readonly filling: Filling;
  /** The label and the help, where they are not those of the field itself. */
  readonly label?: string;
  readonly help?: string;
}

/** A field that the page has one value for: it trains in float32. */
const LEFT_OUT = "training.dtype";

export function FieldOf({ path, field, filling, label = words(lastOf(path)), help = field.description ?? "" }: Properties) {
  const { experiment, mistakes, dispatch } = filling;
  const whole = resolved(field);
  const value = valueAt(experiment, path);
  const properties = { path, field: whole, filling, label, help };
  const choice = forms(whole).map(resolved);
  if (!filling.seesLocked && !filling.isOpen(path)) return null;
  if (path === LEFT_OUT || whole.const !== undefined) return null;
  if (isFamily(whole)) return <Family {...properties} />;
  if (whole.type === "object") return <Fields path={path} part={whole} filling={filling} />;
  if (choice.some(isFamily)) return <ValueOrPart {...properties} />;
  const ofTargets = hasTargets(experiment.dataset);
  if (ofTargets && OF_CLASSES.includes(path)) return null;
  if (path === "training.label_smoothing" && !smoothsLabels(experiment.training.loss))
    return <p class="muted">Label smoothing needs a cross-entropy as the loss.</p>;
  if (path === CLASS_WEIGHT) return <ClassWeights {...properties} />;
  if (optionalPart(whole) !== undefined) return <OptionalPart {...properties} />;
  if (choice.length > 1 && choice.some(({ type }) => type === "array")) return <PerLayer {...properties} />;

  const mistake = mistakes[path];
  const entered = mistake?.entered ?? value;
  const common = { id: path, label, explained: fieldHelp(path, help), message: mistake?.message ?? "", tag: tagOf(path, filling) };
  const lock = (control: ComponentChildren) => <Lock isOn={filling.locks(path)} isSeen={filling.seesLocked}>{control}</Lock>;
  const onEnter = (text: string) => dispatch({ kind: "enter_field", path, entered: text });
  const form = formOf(whole, 0);
  if (form.enum !== undefined)
    return lock(<Menu {...common} value={String(entered)} options={options(form.enum.filter((name) => isOffered(path, name, ofTargets)))} onChoose={onEnter} />);
  if (form.type === "boolean") {
    const onSwitch = (on: boolean) => dispatch({ kind: "enter_field", path, entered: on });
    return lock(<Switch {...common} on={entered === true} onSwitch={onSwitch} />);
  }
  const texts = { ...common, shown: shownAs(entered), onEnter };
  if (form.type !== "integer" && form.type !== "number") return lock(<TextField {...texts} />);
  const onStep = (direction: Direction) => dispatch({ kind: "step_field", path, direction });
  return lock(<NumberField {...texts} value={Number(value)} onStep={onStep} />);
}

/** Fields that mean something of classes only. */
const OF_CLASSES = ["training.label_smoothing", CLASS_WEIGHT];

/** Whether a name can be chosen: losses are of classes or of targets, and targets have no accuracy. */
function isOffered(path: string, name: string, ofTargets: boolean): boolean {
  if (path === "training.loss") return name in lossesOf(ofTargets);
  return !ofTargets || !path.endsWith(".monitor") || !looksAtMetric(name);
}

interface FieldsProperties {
  readonly path: string;
  readonly part: Field;
  readonly filling: Filling;
}

/** The fields of a part, one below the other. */
export function Fields({ path, part, filling }: FieldsProperties) {
  return (
    <>
      {Object.entries(part.properties ?? {}).map(([name, field]) => (
        <FieldOf key={`${path}.${name}`} path={`${path}.${name}`} field={field} filling={filling} />
      ))}
    </>
  );
}

/** A menu of kinds, and the fields of the one that is chosen. */
function Family({ path, field, filling, label, help }: Required<Properties>) {
  const { experiment, mistakes, dispatch } = filling;
  const known = kinds(field);
  const kind = String((valueAt(experiment, path) as JsonTable)["kind"]);
  const names = [...known.keys()].filter((name) => path !== "dataset" || spec.planar.includes(name));
  if (!names.includes(kind)) return <p class="muted">Own points, which the plane shows.</p>;
  const mistake = mistakes[`${path}.kind`];
  return (
    <>
      <Lock isOn={filling.locks(path)} isSeen={filling.seesLocked}>
        <Menu
          id={`${path}.kind`}
          label={label}
          explained={fieldHelp(`${path}.kind`, known.get(kind)?.description ?? help)}
          message={mistake?.message ?? ""}
          tag={tagOf(path, filling)}
          value={String(mistake?.entered ?? kind)}
          options={options(names)}
          onChoose={(entered) => dispatch({ kind: "enter_field", path: `${path}.kind`, entered })}
        />
      </Lock>
      <Fields path={path} part={known.get(kind) as Field} filling={filling} />
    </>
  );
}

const ONE_VALUE = "constant";
const NOTHING = "none";

/** A number or nothing, or a part in its place: a learning rate, or a schedule; no regularizer, or one. */
function ValueOrPart({ path, field, filling, label, help }: Required<Properties>) {
  const { experiment, dispatch } = filling;
  const value = valueAt(experiment, path) ?? null;
  const known = partKinds(field);
  const without = mayBeNothing(field) ? NOTHING : ONE_VALUE;
  const kind = value === null || typeof value === "number" ? without : String((value as JsonTable)["kind"]);
  return (
    <>
      <Lock isOn={filling.locks(path)} isSeen={filling.seesLocked}>
        <Menu
          id={`${path}.kind`}
          label={without === NOTHING ? label : `${label} is`}
          explained={fieldHelp(`${path}.kind`, known.get(kind)?.description ?? help)}
          tag={tagOf(path, filling)}
          value={kind}
          options={options([without, ...known.keys()])}
          onChoose={(part) => dispatch({ kind: "choose_part", path, part: part === without ? null : part })}
        />
      </Lock>
      {kind === ONE_VALUE && <FieldOf path={path} field={formOf(field, 0)} filling={filling} label={label} help={help} />}
      {known.has(kind) && <Fields path={path} part={known.get(kind) as Field} filling={filling} />}
    </>
  );
}

/** A switch, and the fields of the part while it is on. */
function OptionalPart({ path, field, filling, label, help }: Required<Properties>) {
  return (
    <Optional path={path} filling={filling} label={label} help={help}>
      <Fields path={path} part={optionalPart(field) as Field} filling={filling} />
    </Optional>
  );
}

/** A switch, and a field for each class while it is on. */
function ClassWeights({ path, field, filling, label }: Required<Properties>) {
  const { additionalProperties: ofEach } = optionalPart(field) as { readonly additionalProperties: Field };
  const help = "Whether the training samples of a class weigh as much as you say. Losses and accuracies of the tiles are not weighted.";
  return (
    <Optional path={path} filling={filling} label={label} help={help}>
      {filling.labelNames.map((name) => (
        <FieldOf
          key={name}
          path={inside(path, name)}
          field={ofEach}
          filling={filling}
          label={`weight of class ${name}`}
          help="How much a training sample of this class weighs; 1 is as much as without weights."
        />
      ))}
    </Optional>
  );
}

interface OptionalProperties extends Omit<Required<Properties>, "field"> {
  readonly children: ComponentChildren;
}

function Optional({ path, filling, label, help, children }: OptionalProperties) {
  const { experiment, mistakes, dispatch } = filling;
  const isOn = (valueAt(experiment, path) ?? null) !== null;
  return (
    <>
      <Lock isOn={filling.locks(path)} isSeen={filling.seesLocked}>
        <Switch
          id={path}
          label={label}
          explained={fieldHelp(path, help)}
          tag={filling.locks(path) ? LOCKED : null}
          message={mistakes[path]?.message ?? ""}
          on={isOn}
          onSwitch={(on) => dispatch({ kind: "set_optional", path, on })}
        />
      </Lock>
      {isOn && children}
    </>
  );
}

/** One value for all hidden layers, or one for each, as one switches. */
function PerLayer({ path, field, filling, label, help }: Required<Properties>) {
  const { experiment, mistakes, dispatch } = filling;
  const value = valueAt(experiment, path);
  if (value === null) return null;
  const one = formOf(field, 0);
  const isEach = Array.isArray(value);
  return (
    <>
      {(isEach || experiment.network.hidden_layers > 1) && (
        <Lock isOn={filling.locks(path)} isSeen={filling.seesLocked}>
          <Switch
            id={`${path}.each`}
            label={`${label} for each layer`}
            explained={fieldHelp(`${path}.each`, `Whether each hidden layer has its own ${label}. The values are kept when you switch.`)}
            tag={filling.locks(path) ? LOCKED : null}
            message={isEach ? (mistakes[path]?.message ?? "") : ""}
            on={isEach}
            onSwitch={(layerwise) => dispatch({ kind: "set_layerwise", path, layerwise })}
          />
        </Lock>
      )}
      {isEach ? (
        value.map((_, i) => (
          <FieldOf
            key={i}
            path={`${path}.${i}`}
            field={one}
            filling={filling}
            label={`${label} ${i + 1}`}
            help={help}
          />
        ))
      ) : (
        <FieldOf path={path} field={one} filling={filling} label={label} help={help} />
      )}
    </>
  );
}

function tagOf(path: string, { locks }: Filling): string | null {
  if (locks(path)) return LOCKED;
  return isInFlight(path) ? "in flight" : null;
}

function lastOf(path: string): string {
  return path.split(".").at(-1) as string;
}

function options(names: readonly string[]): readonly (readonly [string, string])[] {
  return names.map((name) => [name, words(name)]);
}

function shownAs(value: Json): string {
  return value === null ? "" : Array.isArray(value) ? value.join(", ") : String(value);
}
