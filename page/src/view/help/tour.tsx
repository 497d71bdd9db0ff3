// The tour: a card beside the part of the page that it is about, which stays usable. And the invitation to it.

import { useLayoutEffect, useRef } from "preact/hooks";

import type { HelpAction } from "../../state/help.ts";
import { TOUR } from "../../state/tour.ts";
import { Button } from "../button.tsx";
import type { Properties } from "../properties.ts";
import { help } from "./help.ts";
import { placeBeside } from "./placing.ts";

const NARROW = 720; // pixels of a window in which the card lies at the bottom, as the style sheet has it

export function Tour({ state, dispatch }: Properties) {
  const { step } = state.help;
  return step === null ? null : <Card step={step} act={(made) => dispatch({ kind: "help", act: made })} />;
}

function Card({ step, act }: { readonly step: number; readonly act: (made: HelpAction) => void }) {
  const card = useRef<HTMLDivElement>(null);
  const before = useRef<Element | null>(null);
  const { part, title, text } = TOUR[step];
  const isLast = step === TOUR.length - 1;

  // Before the card takes the focus.
  useLayoutEffect(() => {
    before.current = document.activeElement;
    const onKeyDown = ({ key }: KeyboardEvent) => {
      if (key === "Escape" && document.querySelector("dialog[open], .editor") === null) act({ kind: "leave_tour" });
    };
    document.addEventListener("keydown", onKeyDown);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      const back = before.current?.isConnected && before.current !== document.body ? before.current : document.querySelector("[data-tour-back]");
      (back as HTMLElement | null)?.focus();
    };
  }, []);

  useLayoutEffect(() => {
    // A lesson may hide the part: then the card stands beside what is left.
    const target = document.querySelector<HTMLElement>(`[data-tour="${part}"]`) ?? document.querySelector("main");
    target?.setAttribute("data-toured", "");
    const isNarrow = () => document.documentElement.clientWidth <= NARROW;
    if (isNarrow()) target?.scrollIntoView({ block: "start" });
    const place = () => {
      if (card.current === null || target === null) return;
      const { offsetWidth: width, offsetHeight: height } = card.current;
      const around = target.getBoundingClientRect();
      const windowed = { width: document.documentElement.clientWidth, height: innerHeight };
      const [x, y] = placeBeside(around, { width, height }, windowed, around.height > height);
      Object.assign(card.current.style, isNarrow() ? { left: "", top: "" } : { left: `${x}px`, top: `${y}px` });
    };
    place();
    card.current?.focus({ preventScroll: true });
    addEventListener("resize", place);
    addEventListener("scroll", place, true);
    return () => {
      target?.removeAttribute("data-toured");
      removeEventListener("resize", place);
      removeEventListener("scroll", place, true);
    };
  }, [step]);

  return (
    <div class="tour" ref={card} role="dialog" aria-labelledby="tour-title" aria-describedby="tour-text" tabIndex={-1}>
      <p class="muted">Step {step + 1} of {TOUR.length}</p>
      <h2 id="tour-title">{title}</h2>
      <p id="tour-text">{text}</p>
      <div class="row">
        {/* Next stands first, at the same place in each step: who presses it twice goes on, and not back. */}
        {isLast ? (
          <Button look="small" onClick={() => act({ kind: "leave_tour" })}>Done</Button>
        ) : (
          <Button look="small" onClick={() => act({ kind: "move_step", by: 1 })}>Next</Button>
        )}
        {step > 0 && <Button look="small" onClick={() => act({ kind: "move_step", by: -1 })}>Back</Button>}
        {!isLast && <Button look="small" onClick={() => act({ kind: "leave_tour" })}>Leave the tour</Button>}
      </div>
    </div>
  );
}

/** What asks a newcomer, and waits: it lies over nothing. */
export function Invitation({ dispatch }: Pick<Properties, "dispatch">) {
  const act = (made: HelpAction) => dispatch({ kind: "help", act: made });
  return (
    <span class="invitation">
      <span>New here?</span>
      <Button look="small" {...help("take_tour")} onClick={() => act({ kind: "take_tour" })}>Take the tour</Button>
      <Button look="small" {...help("no_tour")} aria-label="no tour" onClick={() => act({ kind: "decline" })}>✕</Button>
    </span>
  );
}
