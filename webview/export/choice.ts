/** What a person chose for pictures in a paper, as a page remembers it. */
import { finite, object, oneOf, optional, passes, text } from '../../src/common/checks.ts';

const check = object({
  background: oneOf('white', 'transparent', 'theme'),
  font: oneOf('sans', 'serif', 'window', 'own'),
  /** Name of the font, where that is another one. */
  own: text,
  /** Size of the letters. */
  points: finite,
  /** Millimeters, of a picture that has no size of its own. */
  width: optional(finite),
  height: optional(finite),
});

export interface ExportChoice {
  readonly background: 'white' | 'transparent' | 'theme';
  readonly font: 'sans' | 'serif' | 'window' | 'own';
  readonly own: string;
  readonly points: number;
  readonly width: number;
  readonly height: number;
}

/** Of each number: the least, the usual and the largest. */
export const bounds = {
  points: [5, 9, 36],
  width: [40, 140, 600],
  height: [30, 85, 600],
} as const;

export type Measure = keyof typeof bounds;

const usualChoice: ExportChoice = {
  ...{ background: 'white', font: 'sans', own: '' },
  ...{ points: bounds.points[1], width: bounds.width[1], height: bounds.height[1] },
};

/** The number within its bounds; the usual one for what is none. */
export function within(measure: Measure, asked: number): number {
  const [least, usual, most] = bounds[measure];
  return Number.isFinite(asked) && asked > 0 ? Math.min(most, Math.max(least, asked)) : usual;
}

/** What a page had saved, as far as it is what this version saves. */
export function exportChoiceFrom(saved: unknown): ExportChoice {
  if (!passes(check, saved)) return usualChoice;
  const { points, width = usualChoice.width, height = usualChoice.height } = saved;
  return {
    ...{ background: saved.background, font: saved.font, own: saved.own },
    ...{ points: within('points', points), width: within('width', width), height: within('height', height) },
  };
}
