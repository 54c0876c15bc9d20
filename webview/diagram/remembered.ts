/** What a page had saved, as far as it is what this version saves; earlier ones saved the view alone. */
import { finite, flag, list, object, optional, passes, text } from '../../src/common/checks.ts';
import type { Remembered } from './page.ts';

const view = object({ x: finite, y: finite, scale: finite, fitted: optional(flag) });
const whole = object({ view: optional(view), collapse: flag, opened: list(text) });

export function rememberedFrom(state: unknown): Remembered {
  if (passes(view, state)) return { view: state, collapse: true, opened: [] };
  if (passes(whole, state)) return { collapse: state.collapse, opened: state.opened, view: state.view ?? null };
  return { view: null, collapse: true, opened: [] };
}
