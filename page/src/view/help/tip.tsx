// The tip: what the part of the page under the pointer, or with the focus, says of itself.
//
// It can be pointed at, goes at Escape, and stays as long as pointer or focus do. A click or tap on what is no
// control, and F1, pin it: then it stays until Escape or a click elsewhere, and its links have the focus.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

import type { Dispatch } from "../../state/actions.ts";
import { explanationOf } from "./help.ts";
import { placeBeside } from "./placing.ts";

const FIRST = 600; // milliseconds on a part before it is explained
const NEXT = 150; // while another part is explained
const GRACE = 300; // to come from the part to its tip

/** How it came to be shown. */
type Why = "hover" | "focus" | "pinned";

interface Shown {
  readonly of: HTMLElement;
  readonly why: Why;
}

/** What explains a place on the page; pictures are left out while one hovers over them. */
export function explainedAt(target: EventTarget | null, isHovering = false): HTMLElement | null {
  const found = target instanceof Element ? target.closest<HTMLElement>("[data-help]") : null;
  return isHovering && found?.dataset["quiet"] !== undefined ? null : found;
}

/** What was clicked while a click explains; each click makes a new one. */
export interface PointedAt {
  readonly of: HTMLElement;
}

interface Properties {
  readonly dispatch: Dispatch;
  readonly pointedAt: PointedAt | null;
}

export function HelpTip({ dispatch, pointedAt }: Properties) {
  const [shown, setShown] = useState<Shown | null>(null);
  const tip = useRef<HTMLDivElement>(null);
  const before = useRef<Element | null>(null); // had the focus before the tip
  const latest = useRef(shown);
  latest.current = shown;

  useEffect(() => {
    if (pointedAt !== null) setShown({ of: pointedAt.of, why: "pinned" });
  }, [pointedAt]);

  useEffect(() => follow({ tip, latest, setShown, pin, close }), []);

  // It stands where there is room, also after something has been scrolled or resized.
  useLayoutEffect(() => {
    if (shown === null) return;
    const place = () => {
      if (!shown.of.isConnected) return setShown(null);
      if (tip.current === null) return;
      const { offsetWidth: width, offsetHeight: height } = tip.current;
      const windowed = { width: document.documentElement.clientWidth, height: innerHeight };
      const [x, y] = placeBeside(shown.of.getBoundingClientRect(), { width, height }, windowed, shown.of.matches(".field"));
      Object.assign(tip.current.style, { left: `${x}px`, top: `${y}px` });
    };
    place();
    addEventListener("scroll", place, true);
    addEventListener("resize", place);
    return () => {
      removeEventListener("scroll", place, true);
      removeEventListener("resize", place);
    };
  });

  function pin(of: HTMLElement, takesFocus: boolean): void {
    before.current = document.activeElement;
    setShown({ of, why: "pinned" });
    if (takesFocus) requestAnimationFrame(() => tip.current?.focus());
  }

  function close(): void {
    const hadFocus = tip.current?.contains(document.activeElement) ?? false;
    setShown(null);
    if (hadFocus && before.current instanceof HTMLElement) before.current.focus();
  }

  if (shown === null) return null;
  const { says, tries, terms } = explanationOf(shown.of);
  const isPinned = shown.why === "pinned";
  return (
    <div class="help-tip" ref={tip} role={isPinned ? "dialog" : "tooltip"} aria-label="help" tabIndex={-1}>
      <p>{says}</p>
      {tries !== "" && (
        <p class="help-try">
          <b>Try:</b> {tries}
        </p>
      )}
      {terms.length > 0 && (
        <p class="help-terms">
          <span>Glossary:</span>
          {terms.map((term) => (
            <button
              type="button"
              class="term"
              key={term}
              tabIndex={isPinned ? 0 : -1}
              onClick={() => {
                close();
                dispatch({ kind: "help", act: { kind: "open_glossary", term } });
              }}
            >
              {term}
            </button>
          ))}
          {shown.why === "focus" && <span class="help-f1">F1 goes there</span>}
        </p>
      )}
    </div>
  );
}

interface Following {
  readonly tip: { readonly current: HTMLDivElement | null };
  readonly latest: { readonly current: Shown | null };
  readonly setShown: (shown: Shown | null) => void;
  readonly pin: (of: HTMLElement, takesFocus: boolean) => void;
  readonly close: () => void;
}

/** Follow pointer, focus and keys of the whole page; returns what ends that. */
function follow({ tip, latest, setShown, pin, close }: Following): () => void {
  let timer = 0;
  let pressed: HTMLElement | null = null; // what was clicked is not explained until the pointer has left it
  let pressedAt = ""; // where: what comes there by itself, as the page changes, is not pointed at
  let isTabbing = false; // the focus comes by keys that move it
  const isInTip = (target: EventTarget | null) => target instanceof Node && (tip.current?.contains(target) ?? false);
  const later = (milliseconds: number, then: () => void) => {
    clearTimeout(timer);
    timer = window.setTimeout(then, milliseconds);
  };

  function onPointerOver({ target, pointerType, screenX, screenY }: PointerEvent): void {
    if (pointerType === "touch" || pressedAt === `${screenX} ${screenY}` || latest.current?.why === "pinned") return;
    if (isInTip(target)) return clearTimeout(timer);
    const over = explainedAt(target, true);
    if (over !== pressed) pressed = null;
    if (over !== null && over === latest.current?.of) return clearTimeout(timer);
    if (over !== null && pressed === null)
      return later(latest.current === null ? FIRST : NEXT, () => setShown({ of: over, why: "hover" }));
    clearTimeout(timer);
    if (latest.current?.why === "hover") later(GRACE, () => setShown(null));
  }
  function onPointerLeave(): void {
    clearTimeout(timer);
    if (latest.current?.why === "hover") setShown(null);
  }
  function onPointerDown({ target, screenX, screenY }: PointerEvent): void {
    pressedAt = `${screenX} ${screenY}`;
    if (isInTip(target)) return;
    clearTimeout(timer);
    isTabbing = false;
    pressed = explainedAt(target);
    const isOfMark = latest.current?.why === "pinned" && latest.current.of === pressed;
    if (latest.current !== null && !isOfMark) setShown(null);
  }
  /** A "?", and what is no control, is explained at a click or tap. */
  function onClick(event: MouseEvent): void {
    const { target } = event;
    if (!(target instanceof Element) || isInTip(target)) return;
    const on = explainedAt(target, true);
    const control = target.closest("a, button, input, select, textarea, summary, label, canvas");
    if (on === null || (control !== null && !control.matches("[data-pins]"))) return;
    if (latest.current?.why === "pinned" && latest.current.of === on) setShown(null);
    else pin(on, event.detail === 0); // a click by a key
  }
  function onFocusIn({ target }: FocusEvent): void {
    if (isInTip(target) || (latest.current?.why === "pinned" && !isTabbing)) return;
    const on = explainedAt(target, true);
    clearTimeout(timer);
    if (isTabbing && on !== null) setShown({ of: on, why: "focus" });
    else if (latest.current !== null && latest.current.why !== "hover") setShown(null);
  }
  function onKeyDown(event: KeyboardEvent): void {
    isTabbing = MOVING.includes(event.key);
    if (event.key === "Escape" && latest.current !== null) {
      close();
      event.stopPropagation(); // one thing at a time goes
    }
    if (event.key !== "F1") return;
    const on = explainedAt(document.activeElement);
    if (on === null) return;
    event.preventDefault();
    clearTimeout(timer); // of what the pointer is over
    pin(on, true);
  }
  const onKeyUp = () => (isTabbing = false);

  document.addEventListener("pointerover", onPointerOver);
  document.documentElement.addEventListener("pointerleave", onPointerLeave);
  document.addEventListener("pointerdown", onPointerDown, true);
  document.addEventListener("click", onClick);
  document.addEventListener("focusin", onFocusIn);
  document.addEventListener("keydown", onKeyDown, true);
  document.addEventListener("keyup", onKeyUp, true);
  return () => {
    clearTimeout(timer);
    document.removeEventListener("pointerover", onPointerOver);
    document.documentElement.removeEventListener("pointerleave", onPointerLeave);
    document.removeEventListener("pointerdown", onPointerDown, true);
    document.removeEventListener("click", onClick);
    document.removeEventListener("focusin", onFocusIn);
    document.removeEventListener("keydown", onKeyDown, true);
    document.removeEventListener("keyup", onKeyUp, true);
  };
}

/** Keys that move the focus. */
const MOVING = ["Tab", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];
