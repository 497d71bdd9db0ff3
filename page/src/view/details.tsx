// The panel of tabs beside the plane: what the network answers, what its layers do, and what many runs say.

import type { Hideable } from "../lessons/lesson.ts";
import { appliesLine } from "../state/line.ts";
import { isHidden } from "../state/lesson.ts";
import { classNames, isLacking } from "../state/point_set.ts";
import type { State, Tab } from "../state/state.ts";
import { isWrong } from "../state/why.ts";
import { Button } from "./button.tsx";
import { Confusion } from "./confusion.tsx";
import { help, picture } from "./help/help.ts";
import { HelpMark } from "./help/mark.tsx";
import type { Part } from "./help/texts.ts";
import { HiddenSpace } from "./hidden_space.tsx";
import { Histograms } from "./histograms.tsx";
import { LineTab } from "./line/line_tab.tsx";
import { LossTab } from "./loss/loss_tab.tsx";
import type { PaintedProperties } from "./properties.ts";
import { Provenance } from "./provenance.tsx";
import { Residuals } from "./residuals.tsx";
import { Runs } from "./runs/runs.tsx";
import { StepTab } from "./step/step_tab.tsx";
import { Tabs } from "./tabs.tsx";
import { TARGET_NAMES, targetScale } from "./target.ts";
import { Why } from "./why/why.tsx";

const TABS: readonly (readonly [Tab, string])[] = [
  ["answers", "Confusion"],
  ["step", "Step"],
  ["why", "Why"],
  ["hidden", "Hidden"],
  ["weights", "Weights"],
  ["loss", "Loss"],
  ["runs", "Runs"],
  ["provenance", "Changes"],
  ["line", "Task 3"],
];

/** Tabs that need more room than the others. */
const ROOMY: readonly Tab[] = ["step", "why", "loss", "runs", "line"];

export function Details({ state, palette, dispatch }: PaintedProperties) {
  const { result } = state;
  const tab = openTab(state);
  if (tab === null) return null;
  const scale = targetScale(state);
  const ofTarget = scale !== null;
  const names = ofTarget ? TARGET_NAMES : classNames(state);
  const named = tabsOf(state).map(
    ([name, text]) => [name, name === "answers" && ofTarget ? "Predicted" : text, partOf(name, ofTarget)] as const,
  );
  const isOld = isLacking(state);
  return (
    <section
      class={`panel inspect ${isOld ? "is-old" : ""}`}
      aria-label="details"
      data-tour="runs"
      {...picture(partOf(tab, ofTarget))}
    >
      <Button
        look="icon enlarge"
        aria-label="larger details"
        {...help("larger_details")}
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
        <HelpMark part={partOf(tab, ofTarget)} name="this tab" />
        {isOld && <p class="old-note">There is no network of these points yet: {state.ownPoints.set?.missing}.</p>}
        {tab === "answers" && result !== null && result.classes > 0 && (
          <Confusion result={result} names={names} palette={palette} />
        )}
        {tab === "answers" && result !== null && scale !== null && state.points !== null && (
          <Residuals result={result} points={state.points} palette={palette} />
        )}
        {tab === "step" && <StepTab state={state} palette={palette} dispatch={dispatch} />}
        {tab === "hidden" && result !== null && (
          <HiddenSpace result={result} layer={state.hiddenLayer} names={names} scale={scale} palette={palette} dispatch={dispatch} />
        )}
        {tab === "weights" && result !== null && <Histograms result={result} palette={palette} />}
        {tab === "why" && <Why state={state} dispatch={dispatch} />}
        {tab === "loss" && <LossTab state={state} palette={palette} dispatch={dispatch} />}
        {tab === "runs" && <Runs state={state} palette={palette} dispatch={dispatch} />}
        {tab === "provenance" && <Provenance state={state} />}
        {tab === "line" && <LineTab state={state} palette={palette} dispatch={dispatch} />}
      </Tabs>
    </section>
  );
}

/** Whether the tab that is open needs more room than others; while one draws points, the plane does. */
export function isRoomy(state: State): boolean {
  const tab = openTab(state);
  return tab !== null && ROOMY.includes(tab) && state.ownPoints.tool === "look";
}

/** The tab that is shown: the one that was opened, if there is one; null if a lesson hides all. */
function openTab(state: State): Tab | null {
  const tabs = tabsOf(state);
  return tabs.some(([name]) => name === state.tab) ? state.tab : (tabs[0]?.[0] ?? null);
}

/** The tabs that say something of this network, without those that a lesson hides. */
function tabsOf(state: State): readonly (readonly [Tab, string])[] {
  const hasHidden = state.result === null || state.result.sizes.length > 2;
  const applies = (tab: Tab) => (tab === "line" ? appliesLine(state) : tab !== "hidden" || hasHidden);
  return TABS.filter(([tab]) => applies(tab) && !isHidden(state, `tab.${tab}` as Hideable));
}

/** What explains a tab. */
function partOf(tab: Tab, ofTarget: boolean): Part {
  return tab === "answers" ? (ofTarget ? "tab_predicted" : "tab_confusion") : `tab_${tab}`;
}
