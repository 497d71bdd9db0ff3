// What most parts of the page get.

import type { Dispatch } from "../state/actions.ts";
import type { State } from "../state/state.ts";
import type { Palette } from "./colours.ts";

export interface Properties {
  readonly state: State;
  readonly dispatch: Dispatch;
}

export interface PaintedProperties extends Properties {
  readonly palette: Palette;
}
