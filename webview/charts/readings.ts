/** What a chart has at a place of its x axis: in which order it is shown, what of it where there is little room, how it is spoken. Pure. */
import { tick } from './scale.ts';
import { isHidden, type Picture, type Reading, type Source } from './source.ts';

/** What is drawn there, the highest first; what has no value at last. */
export function readingsAt(source: Source, picture: Picture, index: number): readonly Reading[] {
  const shown = source.readings(picture, index).filter(({ task }) => !isHidden(source, task));
  return shown.toSorted((one, other) => sign(heightOf(other), heightOf(one)));
}

/** The same, as a sentence. Without what has no value there. */
export function spokenAt(source: Source, picture: Picture, index: number): string {
  const parts = readingsAt(source, picture, index).flatMap(({ name, values }) => {
    const [value = null] = values.filter((one) => one !== null);
    return value === null ? [] : [`${name} ${textOf(value)}`];
  });
  return [placeText(source, picture, index), ...parts].join(', ');
}

export function placeText({ xLabel }: Source, { x }: Picture, index: number): string {
  return `${xLabel} ${tick(x[index])}`;
}

/** What is no finite number stands above all, what is not there below. */
function heightOf({ values }: Reading): number {
  const value = values.find((one) => one !== null) ?? null;
  if (typeof value === 'string') return Infinity;
  return value ?? -Infinity;
}

/** The curves nearest to a height, in the order that they have. */
export function nearest(readings: readonly Reading[], value: number, count: number): readonly Reading[] {
  if (readings.length <= count) return readings;
  const distance = (reading: Reading): number => {
    const apart = Math.abs(heightOf(reading) - value);
    return Number.isNaN(apart) ? Infinity : apart;
  };
  const kept = new Set(readings.toSorted((one, other) => sign(distance(one), distance(other))).slice(0, count));
  return readings.filter((reading) => kept.has(reading));
}

/** Infinities are as far as each other, which a difference would not say. */
const sign = (one: number, other: number): number => (one === other ? 0 : one < other ? -1 : 1);

export const textOf = (value: number | string | null): string => (typeof value === 'string' ? value : tick(value));
