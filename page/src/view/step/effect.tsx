// What an update does to the plane: before and after, with the samples that made it.

import { useMemo } from "preact/hooks";

import type { Grid, Observed, PlanePoints } from "../../worker/messages.ts";
import { Canvas, type Surface } from "../canvas.tsx";
import { css, type Palette } from "../colours.ts";
import { paintMarks, paintTargets } from "../marks.ts";
import { paintRegions } from "../regions.ts";
import { paintSurface, type Scale } from "../surface.ts";
import { toPixels, viewportOf } from "../viewport.ts";

const RADIUS = 3.4;

interface Properties {
  readonly observed: Observed;
  readonly regions: Grid;
  readonly points: PlanePoints;
  /** Of the target; null where there are classes. */
  readonly scale: Scale | null;
  readonly palette: Palette;
}

export function Effect({ observed, regions, points, scale, palette }: Properties) {
  return (
    <div class="step-effect">
      {([["before", regions], ["after", observed.regionsAfter]] as const).map(([name, grid]) => (
        <figure key={name}>
          <Side name={name} grid={grid} {...{ observed, points, scale, palette }} />
          <figcaption>{name}</figcaption>
        </figure>
      ))}
    </div>
  );
}

interface SideProperties extends Omit<Properties, "regions"> {
  readonly name: string;
  readonly grid: Grid;
}

function Side({ name, grid, observed, points, scale, palette }: SideProperties) {
  const image = useMemo(() => document.createElement("canvas"), []);
  useMemo(() => {
    if (scale === null) paintRegions(image, grid, palette);
    else paintSurface(image, grid, scale, palette);
  }, [grid, scale, palette]);
  const paint = ({ context, width, height }: Surface) => {
    const viewport = viewportOf(width, height, points.extent);
    context.drawImage(image, viewport.left, viewport.top, viewport.side, viewport.side);
    const { x, y } = points.splits.train;
    const answers = Float32Array.from(observed.samples, (i) => y[i]);
    const placeOf = (i: number) => toPixels(viewport, [x[2 * observed.samples[i]], x[2 * observed.samples[i] + 1]]);
    if (scale === null) paintMarks(context, answers, placeOf, RADIUS, palette);
    else paintTargets(context, answers, scale, placeOf, RADIUS, palette);
    context.strokeStyle = css(palette.ink);
    context.lineWidth = 1.2;
    observed.samples.forEach((_, i) => {
      context.beginPath();
      context.arc(...placeOf(i), RADIUS + 2.5, 0, 2 * Math.PI);
      context.stroke();
    });
  };
  return <Canvas label={`The plane ${name} the update, with the points that make it`} paint={paint} />;
}
