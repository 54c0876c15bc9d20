/**
 * `match: "parameters"`: a single-task network that has as many parameters as the multi-task one. Every hidden width of the
 * blocks and of the task's own layers (`units`, `filters`, `outputDim`) is multiplied by one common factor k/w and rounded,
 * at least 1; w is the largest of the widths and k, which that one becomes, the whole number that brings the count nearest to
 * the wanted one (the smaller of two that are as near). The head, and what the data prescribe, stays.
 */
import { makePlan } from '../plan/index.ts';
import { orderedText, readSpec, toOrdered, type Ordered, type Spec } from '../spec/index.ts';
import type { SizeFacts } from './facts.ts';

export interface MatchedWidths {
  /** The spec with its new widths, in the long form. */
  readonly text: string;
  /** Parameters that it comes to. */
  readonly count: number;
  /** What the widths were multiplied by, before rounding. */
  readonly factor: number;
}

/** `unknown`: a size depends on data that nobody has looked at. `nothing`: there is no width to scale. */
export type Unmatched = 'unknown' | 'nothing';

const widthKeys: ReadonlySet<string> = new Set(['units', 'filters', 'outputDim']);

/**
 * All parameters of a spec, moving statistics among them; null where a size is not known.
 *
 * @param facts null where nothing is known beside the text
 */
export function parametersOf(spec: Spec, facts: SizeFacts | null): number | null {
  return makePlan(spec, undefined, facts ?? undefined).plan?.parameters.total ?? null;
}

/** @param wanted the count that is to be met */
export function matchWidths(spec: Spec, wanted: number, facts: SizeFacts | null): MatchedWidths | Unmatched {
  const form = toOrdered(spec);
  const widths = widthsOf(form);
  if (widths.length === 0) return 'nothing';
  const widest = Math.max(...widths);
  const known = new Map<number, number | null>();
  const textAt = (k: number): string => orderedText(scaled(form, k / widest));
  const countAt = (k: number): number | null => {
    if (!known.has(k)) known.set(k, countOf(textAt(k), facts));
    return known.get(k) ?? null;
  };
  const k = nearest(countAt, widest, wanted);
  const count = k === null ? null : countAt(k);
  return k === null || count === null ? 'unknown' : { text: `${textAt(k)}\n`, count, factor: k / widest };
}

function countOf(text: string, facts: SizeFacts | null): number | null {
  const { spec } = readSpec(text);
  return spec === undefined ? null : parametersOf(spec, facts);
}

/** More than this no width is; the count then stays below the wanted one. */
const widestOfAll = 2 ** 20;

/** The whole number from 1 whose count, which grows with it, is nearest; null where a count is not known. */
function nearest(countAt: (k: number) => number | null, start: number, wanted: number): number | null {
  let [low, high] = [0, start];
  for (;;) {
    const count = countAt(high);
    if (count === null) return null;
    if (count >= wanted || high >= widestOfAll) break;
    [low, high] = [high, high * 2];
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    const count = countAt(middle);
    if (count === null) return null;
    if (count < wanted) low = middle;
    else high = middle;
  }
  const [below, above] = [low === 0 ? null : countAt(low), countAt(high)];
  if (above === null) return null;
  return below !== null && wanted - below <= Math.abs(above - wanted) ? low : high;
}

const isMap = (value: Ordered | undefined): value is ReadonlyMap<string, Ordered> => value instanceof Map;
const entriesOf = (value: Ordered | undefined): readonly (readonly [string, Ordered])[] =>
  isMap(value) ? [...value] : [];

/** What holds layers: blocks and tasks, which have them under these keys. */
const sections = ['network', 'tasks'] as const;
const holders: ReadonlySet<string> = new Set(['layers', 'stages']);

function layersOf(form: Ordered): readonly Ordered[] {
  const owners = isMap(form) ? sections.flatMap((section) => entriesOf(form.get(section))) : [];
  return owners.flatMap(([, owner]) => entriesOf(owner).flatMap(([key, value]) => (holders.has(key) ? [value] : [])));
}

function widthsOf(form: Ordered): readonly number[] {
  const look = (value: Ordered): readonly number[] =>
    Array.isArray(value)
      ? (value as readonly Ordered[]).flatMap(look)
      : entriesOf(value).flatMap(([key, member]) =>
          widthKeys.has(key) && typeof member === 'number' ? [member] : look(member),
        );
  return layersOf(form).flatMap(look);
}

function scaled(form: Ordered, factor: number): Ordered {
  const within = (value: Ordered): Ordered =>
    Array.isArray(value)
      ? (value as readonly Ordered[]).map(within)
      : isMap(value)
        ? new Map(
            entriesOf(value).map(([key, member]) => [
              key,
              widthKeys.has(key) && typeof member === 'number'
                ? Math.max(1, Math.round(member * factor))
                : within(member),
            ]),
          )
        : value;
  const owner = (value: Ordered): Ordered =>
    new Map(entriesOf(value).map(([key, member]) => [key, holders.has(key) ? within(member) : member]));
  return new Map(
    entriesOf(form).map(([key, member]) => [
      key,
      (sections as readonly string[]).includes(key)
        ? new Map(entriesOf(member).map(([name, one]) => [name, owner(one)]))
        : member,
    ]),
  );
}
