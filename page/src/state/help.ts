// Help: the dialog under "?", the glossary, pointing at what is to be explained, and the tour.

import type { State } from "./state.ts";
import { TOUR } from "./tour.ts";

export interface HelpState {
  readonly dialog: "help" | "glossary" | null;
  /** The term that the glossary is opened at; null for its beginning. */
  readonly term: string | null;
  /** Whether a click explains what is there, and does nothing else. */
  readonly isPointing: boolean;
  /** Whether a newcomer is asked to take the tour. */
  readonly isInvited: boolean;
  /** Step of the tour, the first being 0; null while there is none. */
  readonly step: number | null;
}

export type HelpAction =
  | { readonly kind: "open_help" }
  | { readonly kind: "open_glossary"; readonly term: string | null }
  | { readonly kind: "close" }
  | { readonly kind: "point"; readonly on: boolean }
  | { readonly kind: "invite" }
  | { readonly kind: "decline" }
  | { readonly kind: "take_tour" }
  /** To the next step of the tour, or the one before. */
  | { readonly kind: "move_step"; readonly by: 1 | -1 }
  | { readonly kind: "leave_tour" };

export const NO_HELP: HelpState = { dialog: null, term: null, isPointing: false, isInvited: false, step: null };

export function updateHelp(state: State, action: HelpAction): State {
  const { help } = state;
  switch (action.kind) {
    case "open_help":
      return { ...state, help: { ...help, dialog: "help" } };
    case "open_glossary":
      return { ...state, help: { ...help, dialog: "glossary", term: action.term } };
    case "close":
      return { ...state, help: { ...help, dialog: null } };
    case "point":
      return { ...state, help: { ...help, dialog: null, isPointing: action.on, step: null } };
    case "invite":
      return { ...state, help: { ...help, isInvited: true } };
    case "decline":
      return { ...state, help: { ...help, isInvited: false } };
    case "take_tour":
      return goToStep(state, 0);
    case "move_step":
      return help.step === null ? state : goToStep(state, help.step + action.by);
    case "leave_tour":
      return { ...state, help: { ...help, step: null } };
  }
}

/** A step of the tour, whose part must be seen. */
function goToStep(state: State, step: number): State {
  const shown = TOUR[step];
  if (shown === undefined) return state;
  const help = { ...NO_HELP, step };
  return { ...state, help, enlarged: null, tab: shown.tab ?? state.tab };
}
