// The page: three columns between the controls and the time line.

import { useState } from "preact/hooks";

import { activations } from "../engine/experiment.ts";
import type { Hideable } from "../lessons/lesson.ts";
import { isHidden } from "../state/lesson.ts";
import { classNames, isLacking } from "../state/point_set.ts";
import type { State } from "../state/state.ts";
import { Button } from "./button.tsx";
import { paletteOf, styleProperties } from "./colours.ts";
import { Controls } from "./controls.tsx";
import { Curves } from "./curves.tsx";
import { Details, isRoomy } from "./details.tsx";
import { Network } from "./diagram.tsx";
import { Files } from "./files/files.tsx";
import { help, picture } from "./help/help.ts";
import { Help } from "./help/help_dialog.tsx";
import { HelpMark } from "./help/mark.tsx";
import { Pointing } from "./help/pointing.tsx";
import { HelpTip, type PointedAt } from "./help/tip.tsx";
import { Tour } from "./help/tour.tsx";
import { useKeys } from "./keys.tsx";
import { Lessons } from "./lesson/lessons.tsx";
import { Side } from "./lesson/side.tsx";
import { Message } from "./message.tsx";
import { PlanePanel } from "./plane_panel.tsx";
import type { Properties } from "./properties.ts";
import { Scores } from "./scores.tsx";
import { TARGET_NAMES, targetScale } from "./target.ts";
import { TimeLine } from "./time_line.tsx";

export function App({ state, dispatch }: Properties) {
  const [pointedAt, setPointedAt] = useState<PointedAt | null>(null);
  useKeys({ state, dispatch });
  const palette = paletteOf(state.theme);
  const { result } = state;
  const isOld = isLacking(state);
  const scale = targetScale(state);
  const names = scale === null ? classNames(state) : TARGET_NAMES;
  const hides = (part: Hideable) => isHidden(state, part);
  const hasLesson = state.lesson.lesson !== null && state.lesson.mode !== "left";
  const other = state.theme === "light" ? "dark" : "light";
  return (
    <div class={`playground enlarged-${state.enlarged ?? "nothing"}`} style={styleProperties(palette)}>
      <header class="header">
        <h1 class="brand">
          <span class="brand-mark" aria-hidden="true" />
          mlplab <span class="brand-sub">playground</span>
        </h1>
        <Controls state={state} dispatch={dispatch} />
        <Lessons state={state} dispatch={dispatch} />
        {!hides("files") && <Files state={state} dispatch={dispatch} />}
        <Help state={state} dispatch={dispatch} />
        <Button
          look="icon"
          aria-label="present: a larger plane and network"
          {...help("present")}
          aria-pressed={state.enlarged === "plane"}
          onClick={() => dispatch({ kind: "enlarge", part: state.enlarged === "plane" ? null : "plane" })}
        >
          ⤢
        </Button>
        <Button
          look="icon"
          aria-label={`${other} colours`}
          {...help("theme")}
          onClick={() => dispatch({ kind: "set_theme", theme: other })}
        >
          ◐
        </Button>
      </header>
      <div class="messages">
        <Message text={state.message} onClose={() => dispatch({ kind: "dismiss_message" })} />
        <Message name="complaint" text={state.complaint} onClose={() => dispatch({ kind: "close_complaint" })} />
      </div>
      <main class={`main ${hasLesson ? "with-lesson" : ""}`}>
        {state.enlarged !== "plane" && <Side state={state} dispatch={dispatch} />}
        <div class={`centre ${isOld ? "is-old" : ""}`}>
          {!hides("scores") && <Scores result={isOld ? null : result} />}
          {!hides("diagram") && (
            <section class="panel network" aria-label="network" data-tour="network" {...picture("network")}>
              <HelpMark part="network" name="network" />
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
          )}
          {!hides("curves") && <Curves result={result} plannedEpochs={state.experiment.training.epochs} palette={palette} />}
        </div>
        <div class={`right ${isRoomy(state) ? "is-roomy" : ""}`}>
          <PlanePanel state={state} palette={palette} dispatch={dispatch} />
          <Details state={state} palette={palette} dispatch={dispatch} />
        </div>
      </main>
      <TimeLine state={state} dispatch={dispatch} />
      <Tour state={state} dispatch={dispatch} />
      {state.help.isPointing && <Pointing dispatch={dispatch} onPoint={setPointedAt} />}
      <HelpTip dispatch={dispatch} pointedAt={pointedAt} />
    </div>
  );
}

/** The activations of the network that is shown, which may be that of the training before. */
function shownActivations({ result, experiment }: State): readonly string[] {
  const names = activations(experiment.network);
  return result !== null && names.length === result.sizes.length - 2 ? names : [];
}
