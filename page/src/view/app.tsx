// The page: three columns between the controls and the time line.

import { activations } from "../engine/experiment.ts";
import { appliesLine } from "../state/line.ts";
import { classNames, isLacking } from "../state/point_set.ts";
import type { State, Tab } from "../state/state.ts";
import { isWrong } from "../state/why.ts";
import { Button } from "./button.tsx";
import { paletteOf, styleProperties } from "./colours.ts";
import { Confusion } from "./confusion.tsx";
import { Controls } from "./controls.tsx";
import { Curves } from "./curves.tsx";
import { Network } from "./diagram.tsx";
import { Files } from "./files/files.tsx";
import { Setup } from "./form/setup.tsx";
import { HiddenSpace } from "./hidden_space.tsx";
import { Histograms } from "./histograms.tsx";
import { Keys } from "./keys.tsx";
import { LineTab } from "./line/line_tab.tsx";
import { Message } from "./message.tsx";
import { PlanePanel } from "./plane_panel.tsx";
import type { Properties } from "./properties.ts";
import { Provenance } from "./provenance.tsx";
import { Residuals } from "./residuals.tsx";
import { Runs } from "./runs/runs.tsx";
import { Scores } from "./scores.tsx";
import { Tabs } from "./tabs.tsx";
import { TARGET_NAMES, targetScale } from "./target.ts";
import { TimeLine } from "./time_line.tsx";
import { Why } from "./why/why.tsx";

const TABS: readonly (readonly [Tab, string])[] = [
  ["answers", "Confusion"],
  ["why", "Why"],
  ["hidden", "Hidden"],
  ["weights", "Weights"],
  ["runs", "Runs"],
  ["provenance", "Changes"],
  ["line", "Task 3"],
];

export function App({ state, dispatch }: Properties) {
  const palette = paletteOf(state.theme);
  const { result } = state;
  const { set } = state.ownPoints;
  const isOld = isLacking(state);
  const scale = targetScale(state);
  const names = scale === null ? classNames(state) : TARGET_NAMES;
  const hasHidden = result === null || result.sizes.length > 2;
  const tabs = TABS.filter(([name]) => (name === "line" ? appliesLine(state) : name !== "hidden" || hasHidden));
  const named = tabs.map(([name, text]) => [name, name === "answers" && scale !== null ? "Predicted" : text] as const);
  const tab = tabs.some(([name]) => name === state.tab) ? state.tab : "answers";
  const isRoomy = (tab === "runs" || tab === "line" || tab === "why") && state.ownPoints.tool === "look"; // who draws needs the plane
  const other = state.theme === "light" ? "dark" : "light";
  return (
    <div class={`playground enlarged-${state.enlarged ?? "nothing"}`} style={styleProperties(palette)}>
      <header class="header">
        <h1 class="brand">
          <span class="brand-mark" aria-hidden="true" />
          mlplab <span class="brand-sub">playground</span>
        </h1>
        <Controls state={state} dispatch={dispatch} />
        <Files state={state} dispatch={dispatch} />
        <Keys state={state} dispatch={dispatch} />
        <Button
          look="icon"
          aria-label="present: a larger plane and network"
          title="present"
          aria-pressed={state.enlarged === "plane"}
          onClick={() => dispatch({ kind: "enlarge", part: state.enlarged === "plane" ? null : "plane" })}
        >
          ⤢
        </Button>
        <Button
          look="icon"
          aria-label={`${other} colours`}
          title={`${other} colours`}
          onClick={() => dispatch({ kind: "set_theme", theme: other })}
        >
          ◐
        </Button>
      </header>
      <div class="messages">
        <Message text={state.message} onClose={() => dispatch({ kind: "dismiss_message" })} />
        <Message name="complaint" text={state.complaint} onClose={() => dispatch({ kind: "close_complaint" })} />
      </div>
      <main class="main">
        {state.enlarged !== "plane" && <Setup state={state} dispatch={dispatch} />}
        <div class={`centre ${isOld ? "is-old" : ""}`}>
          <Scores result={isOld ? null : result} />
          <section class="panel network" aria-label="network">
            {isOld && result !== null && <p class="of-before">The network of the data before</p>}
            <Network
              result={result}
              names={isOld && scale === null ? [] : names}
              scale={scale}
              activations={result === null ? [] : shownActivations(state)}
              palette={palette}
              dispatch={dispatch}
            />
          </section>
          <Curves result={result} plannedEpochs={state.experiment.training.epochs} palette={palette} />
        </div>
        <div class={`right ${isRoomy ? "is-roomy" : ""}`}>
          <PlanePanel state={state} palette={palette} dispatch={dispatch} />
          <section class={`panel inspect ${isOld ? "is-old" : ""}`} aria-label="details">
            <Button
              look="icon enlarge"
              aria-label="larger details"
              title="larger details"
              aria-pressed={state.enlarged === "details"}
              onClick={() => dispatch({ kind: "enlarge", part: state.enlarged === "details" ? null : "details" })}
            >
              ⤢
            </Button>
            <Tabs
              label="details"
              tabs={named}
              open={tab}
              marked={isWrong(state) ? "why" : null}
              onOpen={(opened) => dispatch({ kind: "open_tab", tab: opened })}
            >
              {isOld && <p class="old-note">There is no network of these points yet: {set?.missing}.</p>}
              {tab === "answers" && result !== null && result.classes > 0 && (
                <Confusion result={result} names={names} palette={palette} />
              )}
              {tab === "answers" && result !== null && scale !== null && state.points !== null && (
                <Residuals result={result} points={state.points} palette={palette} />
              )}
              {tab === "hidden" && result !== null && (
                <HiddenSpace result={result} layer={state.hiddenLayer} scale={scale} palette={palette} dispatch={dispatch} />
              )}
              {tab === "weights" && result !== null && <Histograms result={result} palette={palette} />}
              {tab === "why" && <Why state={state} dispatch={dispatch} />}
              {tab === "runs" && <Runs state={state} palette={palette} dispatch={dispatch} />}
              {tab === "provenance" && <Provenance state={state} />}
              {tab === "line" && <LineTab state={state} dispatch={dispatch} />}
            </Tabs>
          </section>
        </div>
      </main>
      <TimeLine state={state} dispatch={dispatch} />
    </div>
  );
}

/** The activations of the network that is shown, which may be that of the training before. */
function shownActivations({ result, experiment }: State): readonly string[] {
  const names = activations(experiment.network);
  return result !== null && names.length === result.sizes.length - 2 ? names : [];
}
