/**
 * Every argument of every layer away from its default, read off the tables of the language: a new argument is met here
 * from the day it is there.
 */
import type { TSchema } from 'typebox';
import type { Json } from '../../../../src/common/checks.ts';
import { extraOf } from '../../../../src/spec/schema/build.ts';
import { layers } from '../../../../src/spec/schema/layers.ts';
import { initializers } from '../../../../src/spec/schema/fields.ts';

export type Arguments = Readonly<Record<string, Json>>;

/** A schema as far as it is looked at here. */
interface Described {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly items?: unknown;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** What stands where nothing is written, under tf's conventions. */
function defaultOf(schema: TSchema): Json | undefined {
  const { fallback, byConventions } = extraOf(schema);
  return byConventions?.tf ?? fallback;
}

/** Values that differ from `usual`, the default or what an example has. */
function others(schema: TSchema, usual: Json | undefined): readonly Json[] {
  const described = schema as unknown as Described;
  if (described.enum) {
    const words = described.enum.filter((word) => word !== usual);
    // They only say where the numbers begin.
    return described.enum.join() === initializers.join() ? words.slice(0, 2) : words;
  }
  if (described.type === 'boolean') return [usual !== true];
  if (described.type === 'integer') return [Number(usual ?? 1) + 1];
  if (described.type === 'number') return [otherNumber(described, Number(usual ?? 0))];
  if (described.type === 'string') return ['renamed'];
  if (described.type === 'array' && described.minItems === 2 && described.maxItems === 2) {
    // Differently large along the two axes.
    const [height, width] = Array.isArray(usual) ? (usual as readonly number[]) : [1, 1];
    return [[(height ?? 1) + 1, (width ?? 1) + 2]];
  }
  if (described.properties) {
    const fields = Object.entries(described.properties);
    return [Object.fromEntries(fields.map(([key, field]) => [key, others(field, defaultOf(field))[0] ?? null]))];
  }
  throw new Error(`no other value is known for ${JSON.stringify(schema)}`);
}

function otherNumber({ maximum, exclusiveMaximum }: Described, usual: number): number {
  const limit = maximum ?? exclusiveMaximum;
  if (limit !== undefined) return usual > limit / 2 ? usual / 2 : (usual + limit) / 2;
  return usual === 0 ? 0.01 : usual * 10;
}

/** Arguments that one layer cannot have both. */
const exclusive = [['strides', 'dilationRate']] as const;

export interface Variant {
  /** `padding "same"`; `all` and `all but strides`. */
  readonly name: string;
  readonly arguments: Arguments;
}

/**
 * @param base what an example of the layer has: the arguments that must be written
 * @returns the example itself, one variant for each other value of each argument, and all arguments changed at once
 */
export function variantsOf(type: keyof typeof layers, base: Arguments): readonly Variant[] {
  const schema = layers[type] as unknown as Described;
  const known = Object.entries(schema.properties ?? {}).filter(([key]) => key !== 'type');
  const values = known.map(([key, field]) => [key, others(field, base[key] ?? defaultOf(field))] as const);
  const single = values
    .filter(([key]) => key !== 'name')
    .flatMap(([key, list]) =>
      list.map((value) => ({ name: `${key} ${JSON.stringify(value)}`, arguments: { ...base, [key]: value } })),
    );
  const all = Object.fromEntries(values.map(([key, list]) => [key, list[0] ?? null]));
  const conflict = exclusive.find((keys) => keys.every((key) => key in all));
  const together = (conflict ?? [undefined]).map((left) => ({
    name: left === undefined ? 'all' : `all but ${left}`,
    arguments: Object.fromEntries(Object.entries({ ...base, ...all }).filter(([key]) => key !== left)),
  }));
  return [{ name: 'example', arguments: base }, ...single, ...together];
}
