/** The words of a lens, from plain numbers. Pure: the translator comes as an argument. */
import { visibleLine } from '../../spec/telling/visible.ts';

/** `vscode.l10n.t`, or a stand-in: `{0}` is replaced by the first argument. */
export type Translate = (message: string, ...args: (string | number | boolean)[]) => string;

/** As wide as a digit in every font, so that numbers that change do not move what stands behind them. */
const figureSpace = '\u2007';

/** What the last or live run knows of a task. */
export interface LensRun {
  /** Latest training loss; NaN when it stopped being a number. */
  readonly loss: number | null;
  readonly trend: -1 | 0 | 1;
  /** Share of the weighted total, 0…1. */
  readonly share: number | null;
  /** Effective weight of an adaptive strategy; null where the spec's weights are used as given. */
  readonly effective: number | null;
}

/**
 * Share of each weight in their sum, 0…1; all zero when the sum is not positive.
 *
 * @param weights non-negative numbers
 */
export function shares(weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((total, weight) => total + Math.max(0, weight), 0);
  return weights.map((weight) => (sum > 0 ? Math.max(0, weight) / sum : 0));
}

/** A whole percentage, padded to the width of `100 %`. A positive share never reads as nothing. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  const digits = rounded === 0 && share > 0 ? '<1' : String(rounded);
  return `${digits.padStart(3, figureSpace)} %`;
}

/** A loss in five characters: `0.412`, `12.34`, `123.4`, `1.2e5`. */
export function fixedWidth(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace('Infinity', '∞').padEnd(5, figureSpace);
  const size = Math.abs(value);
  if (size >= 999.95) return value.toExponential(1).replace('e+', 'e').padEnd(5, figureSpace);
  if (size > 0 && size < 0.0005) return value.toExponential(0).padEnd(5, figureSpace);
  return value.toFixed(size >= 99.995 ? 1 : size >= 9.9995 ? 2 : 3);
}

export function arrow(trend: -1 | 0 | 1): string {
  return trend < 0 ? '↓' : trend > 0 ? '↑' : '→';
}

/** A weight as text: at most four decimals, no trailing zeros. */
export function weightText(weight: number): string {
  return String(Number(weight.toFixed(4)));
}

/**
 * `50 % · loss 0.412 ↓ · 37 % of total`: share of this weight, then what the run says of the task.
 *
 * @param share of the weight in the sum of weights, 0…1
 */
export function summaryText(t: Translate, share: number, run: LensRun | null): string {
  const parts = [percent(share)];
  if (run?.loss !== undefined && run.loss !== null) {
    parts.push(t('loss {0} {1}', fixedWidth(run.loss), arrow(run.trend)));
  }
  if (run?.share !== undefined && run.share !== null) parts.push(t('{0} of total', percent(run.share)));
  if (run?.effective !== undefined && run.effective !== null) {
    parts.push(t('effective {0}', weightText(run.effective)));
  }
  return parts.join(' · ');
}

/** Names the task where its line holds another entry, too. */
export function onSharedLine(title: string, task: string, sharedLine: boolean): string {
  return sharedLine ? `${shorten(task)} ${title}` : title;
}

const longest = 24;

/** Names are data: control characters become spaces, long ones are cut at a whole character. */
export function shorten(name: string): string {
  const clean = name.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, ' ');
  const characters = Array.from(clean);
  return characters.length > longest ? `${characters.slice(0, longest - 1).join('')}…` : clean;
}

/**
 * Lens titles are drawn as theme-icon text, where `$(name)` becomes an icon: a zero-width space after the `$` keeps a
 * task's name what it is. What would turn the line round is escaped.
 */
export function plainLabel(text: string): string {
  return visibleLine(text).replaceAll('$(', '$\u200b(');
}
