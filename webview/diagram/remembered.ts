/** What a page had saved, as far as it is what this version saves; earlier ones saved the view alone. */
import { finite, flag, json, list, object, optional, passes, text } from '../../src/common/checks.ts';
import { exportChoiceFrom } from '../export/choice.ts';
import type { Remembered } from './page.ts';

const view = object({ x: finite, y: finite, scale: finite, fitted: optional(flag) });
const whole = object({ view: optional(view), collapse: flag, opened: list(text), exporting: optional(json) });

export function rememberedFrom(state: unknown): Remembered {
  if (passes(view, state)) return { view: state, collapse: true, opened: [], exporting: exportChoiceFrom(undefined) };
  if (!passes(whole, state)) return { view: null, collapse: true, opened: [], exporting: exportChoiceFrom(undefined) };
  const { collapse, opened, exporting } = state;
  return { collapse, opened, view: state.view ?? null, exporting: exportChoiceFrom(exporting) };
}
