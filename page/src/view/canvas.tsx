// A canvas that fills its box.

import type { CanvasHTMLAttributes } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";

import { css, type Colour } from "./colours.ts";

const SHARPEST = 2; // pixels of the canvas to one of the page, at most

/** What is painted on. All lengths are CSS pixels. */
export interface Surface {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  /** It grows with the page's type, and is 1 for letters of 14 pixels. */
  readonly unit: number;
}

interface Properties {
  readonly label: string;
  readonly paint: (surface: Surface) => void;
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

function paintOn(canvas: HTMLCanvasElement, box: HTMLElement, paint: Properties["paint"]): void {
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
  paint({ context, width, height, unit: unitOfType() });
}

interface TextStyle {
  readonly colour: Colour;
  readonly align?: CanvasTextAlign;
  /** In units. */
  readonly size?: number;
  /** What sets it off from what lies below it. */
  readonly halo?: Colour;
  /** What it may take; a longer text has an ellipsis for its end. */
  readonly width?: number;
}

export function write({ context, unit }: Surface, whole: string, x: number, y: number, style: TextStyle): void {
  const { colour, align = "left", size = 11, halo, width = Infinity } = style;
  context.font = `${size * unit}px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif`;
  context.textAlign = align;
  const text = cut(context, whole, width);
  if (halo !== undefined) {
    context.lineWidth = 3;
    context.strokeStyle = css(halo, 0.8);
    context.strokeText(text, x, y);
  }
  context.fillStyle = css(colour);
  context.fillText(text, x, y);
}

function cut(context: CanvasRenderingContext2D, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let kept = text.length - 1;
  while (kept > 0 && context.measureText(`${text.slice(0, kept)}…`).width > width) kept -= 1;
  return kept > 0 ? `${text.slice(0, kept)}…` : "";
}
