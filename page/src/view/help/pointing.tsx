// While it is on, a click or tap explains what is there and does nothing else: the way to the words of a button on
// a touch screen.

import { useEffect, useRef } from "preact/hooks";

import type { Dispatch } from "../../state/actions.ts";
import { explainedAt, type PointedAt } from "./tip.tsx";

interface Properties {
  readonly dispatch: Dispatch;
  readonly onPoint: (at: PointedAt | null) => void;
}

export function Pointing({ dispatch, onPoint }: Properties) {
  const done = useRef<HTMLButtonElement>(null);
  const end = () => dispatch({ kind: "help", act: { kind: "point", on: false } });
  useEffect(() => {
    done.current?.focus();
    const onKeyDown = ({ key }: KeyboardEvent) => key === "Escape" && end();
    document.addEventListener("keydown", onKeyDown);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      onPoint(null);
    };
  }, []);
  function onClick({ clientX, clientY, currentTarget }: MouseEvent): void {
    const below = document.elementsFromPoint(clientX, clientY).filter((each) => each !== currentTarget);
    const of = explainedAt(below[0] ?? null);
    onPoint(of === null ? null : { of });
  }
  return (
    <>
      <div class="pointing-cover" onClick={onClick} />
      <div class="pointing-bar" role="status">
        Click or tap anything to have it explained.
        <button type="button" class="button" ref={done} onClick={end}>Done</button>
      </div>
    </>
  );
}
