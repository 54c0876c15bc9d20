/** Parts of drawings: a scale, ticks, elements. Colors come from the page (`currentColor`, variables), so both themes work. */
import { escapeXml } from './xml.ts';

export interface Scale {
  readonly of: (value: number) => number;
  readonly ticks: readonly number[];
}

/** A scale from values to pixels, a twentieth wider on either side; ticks at round numbers. */
export function scaleOf(values: readonly number[], from: number, to: number): Scale {
  const finite = values.filter(Number.isFinite);
  const [low, high] = finite.length === 0 ? [0, 1] : [Math.min(...finite), Math.max(...finite)];
  const room = high > low ? (high - low) / 20 : Math.abs(low) / 20 || 1;
  const [least, most] = [low - room, high + room];
  return {
    of: (value) => Math.round((from + ((value - least) / (most - least)) * (to - from)) * 100) / 100,
    ticks: ticksOf(least, most),
  };
}

/** About five round numbers. */
function ticksOf(low: number, high: number): readonly number[] {
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step);
  const count = Math.floor(high / step) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => Number(((first + index) * step).toPrecision(12)));
}

export function element(name: string, attributes: Readonly<Record<string, string | number>>, content = ''): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  return `<${name}${list.join('')}>${content}</${name}>`;
}

export const label = (
  text: string,
  at: { readonly x: number; readonly y: number },
  attributes: Readonly<Record<string, string | number>> = {},
): string => element('text', { ...at, ...attributes }, escapeXml(text));

/** A drawing with a title that is read aloud. */
export function drawing(title: string, width: number, height: number, content: readonly string[]): string {
  const attributes = { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': title };
  return element('svg', attributes, `${element('title', {}, escapeXml(title))}${content.join('')}`);
}

/** Names longer than the room for them end in an ellipsis; the table beside has them whole. */
export const shortened = (name: string, most = 26): string => {
  const letters = Array.from(name);
  return letters.length <= most ? name : `${letters.slice(0, most - 1).join('')}…`;
};
