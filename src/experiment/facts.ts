/** Sizes that only the data tell, frozen with a plan: what counts of parameters depend on. */
import { isFields } from '../common/checks.ts';
import type { DataFacts } from '../plan/index.ts';

/** What counts of parameters depend on: the rest of the facts is left out. */
export type SizeFacts = Pick<DataFacts, 'columns' | 'inputShapes' | 'vocabularies' | 'classes'>;

export function sizesOf({ columns, inputShapes, vocabularies, classes }: DataFacts): SizeFacts {
  return {
    columns,
    ...(inputShapes === undefined ? {} : { inputShapes }),
    ...(vocabularies === undefined ? {} : { vocabularies }),
    ...(classes === undefined ? {} : { classes }),
  };
}

/** Sizes from `plan.json`; null for what is none. */
export function parseFacts(value: unknown): SizeFacts | null {
  if (!isFields(value)) return null;
  const columns = mapOf(value['columns'], (one) => {
    if (!isFields(one) || typeof one['dtype'] !== 'string') return null;
    const shape = sizes(one['shape']);
    return shape === null ? null : { shape, dtype: one['dtype'] };
  });
  const inputShapes = mapOf(value['inputShapes'] ?? {}, sizes);
  const vocabularies = mapOf(value['vocabularies'] ?? {}, (one) => (isSize(one) ? one : null));
  const classes = mapOf(value['classes'] ?? {}, (one) =>
    Array.isArray(one) && one.every((name) => typeof name === 'string') ? (one as readonly string[]) : null,
  );
  if (columns === null || inputShapes === null || vocabularies === null || classes === null) return null;
  return sizesOf({ columns, inputShapes, vocabularies, classes });
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

function sizes(value: unknown): readonly number[] | null {
  return Array.isArray(value) && value.every(isSize) ? value : null;
}

/** Null where one member is none. */
function mapOf<T>(value: unknown, read: (one: unknown) => T | null): ReadonlyMap<string, T> | null {
  if (!isFields(value)) return null;
  const found = new Map<string, T>();
  for (const [name, one] of Object.entries(value)) {
    const own = read(one);
    if (own === null) return null;
    found.set(name, own);
  }
  return found;
}
