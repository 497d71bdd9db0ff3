// A canvas that fills its box. Its units are CSS pixels.

import type { CanvasHTMLAttributes } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

const SHARPEST = 2; // pixels of the canvas to one of the page, at most

/** Paints on a canvas of a size; `unit` grows with the page's type, and is 1 for letters of 14 pixels. */
export type Paint = (context: CanvasRenderingContext2D, width: number, height: number, unit: number) => void;

interface Properties {
  readonly label: string;
  readonly paint: Paint;
  readonly className?: string;
  readonly attributes?: CanvasHTMLAttributes<HTMLCanvasElement>;
}

export function Canvas({ label, paint, className = "", attributes = {} }: Properties) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(paint);
  latest.current = paint;
  const repaint = () => {
    if (box.current !== null && canvas.current !== null) paintOn(canvas.current, box.current, latest.current);
  };
  useLayoutEffect(repaint); // in the frame in which the page is another one
  useEffect(() => {
    const observer = new ResizeObserver(repaint);
    if (box.current !== null) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div class={`canvas-box ${className}`} ref={box}>
      <canvas ref={canvas} role="img" aria-label={label} {...attributes} />
    </div>
  );
}

/** Where on a canvas something happened, in its units. */
export function placeOn(canvas: Element, event: MouseEvent): [number, number] {
  const bounds = canvas.getBoundingClientRect();
  return [event.clientX - bounds.left, event.clientY - bounds.top];
}

/** How large the page's type is, 1 for letters of 14 pixels. */
export function unitOfType(): number {
  return parseFloat(getComputedStyle(document.documentElement).fontSize) / 14;
}

function paintOn(canvas: HTMLCanvasElement, box: HTMLElement, paint: Paint): void {
  const { clientWidth: width, clientHeight: height } = box;
  const context = canvas.getContext("2d");
  if (context === null || width < 2 || height < 2) return;
  const scale = Math.min(window.devicePixelRatio || 1, SHARPEST);
  const [across, down] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  paint(context, width, height, unitOfType());
}

/** The font of a canvas's text, of a size in pixels. */
export function font(size: number, weight = 400): string {
  return `${weight} ${size}px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`;
}

/** A text that is too wide, with an ellipsis for its end. */
export function cut(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let kept = text.length - 1;
  while (kept > 0 && context.measureText(`${text.slice(0, kept)}…`).width > width) kept -= 1;
  return kept > 0 ? `${text.slice(0, kept)}…` : "";
}
