/**
 * `--set POINTER=JSON`, factors and arms: a value put at a JSON Pointer of the resolved long form. It is put into what was
 * written, so that defaults that follow from it (a strategy's parameters, the constants of `conventions`) follow it.
 */
import { parsePointer } from './pointer.ts';
import { readTree } from '../reading/read.ts';
import type { SpecReading } from '../reading/read.ts';
import { extraOf } from '../schema/build.ts';
import { text } from '../../common/text.ts';
import type { Text } from '../../common/text.ts';
import type { Problem } from '../problem.ts';
import { parseTree } from '../reading/tree.ts';
import type { SpecNode } from '../reading/tree.ts';
import { nodeOf, orderedOf, toOrdered } from '../reading/values.ts';
import type { Ordered } from '../reading/values.ts';
import { nearestWord } from '../reading/foreign.ts';
import { chosen, spread, step } from '../telling/walk.ts';
import { spec as root } from '../schema/spec.ts';
import type { TSchema } from 'typebox';

export interface Setting {
  /** JSON Pointer into the resolved long form, for example `/training/learningRate` or `/weights/分类`. */
  readonly pointer: string;
  /** Any JSON value; objects may be Maps or plain. */
  readonly value: unknown;
}

const problem = (code: string, pointer: string, message: Text): Problem => ({
  code,
  message,
  severity: 'error',
  range: { start: 0, end: 0 },
  pointer,
  fixes: [],
});

/** Reads `POINTER=JSON`; what is no JSON stands for itself as a text (`--set /strategy/name=uncertainty`). */
export function parseSetting(argument: string): { readonly setting?: Setting; readonly problems: readonly Problem[] } {
  const split = argument.indexOf('=');
  const pointer = split < 0 ? argument : argument.slice(0, split);
  if (split < 0 || !pointer.startsWith('/') || parsePointer(pointer) === undefined) {
    const shown = JSON.stringify(argument);
    const message = text(
      `${shown} is no setting; write /path/to/key=value, for example /training/epochs=10.`,
      `${shown} 不是设置；请写 /路径/键=值，例如 /training/epochs=10。`,
    );
    return { problems: [problem('bad-setting', pointer, message)] };
  }
  const written = argument.slice(split + 1);
  const { tree, problems } = parseTree(written);
  const value = tree === undefined || problems.length > 0 ? written : orderedOf(tree);
  return { setting: { pointer, value }, problems: [] };
}

/**
 * Puts settings into a reading, one after the other, and reads the result like a text. A pointer that leads to nothing in
 * the long form is the problem `unknown-pointer`; setting `/strategy/name` (or the name of an optimizer, loss, …) resets
 * its parameters; setting one of two keys that exclude each other takes the other out. Without a usable spec the reading
 * comes back as it is.
 */
export function applySettings(reading: SpecReading, settings: readonly Setting[]): SpecReading {
  let current = reading;
  for (const setting of settings) {
    const { spec, tree } = current;
    if (spec === undefined || tree === undefined) return current;
    const tokens = parsePointer(setting.pointer);
    const resolved = tokens === undefined ? undefined : resolve(toOrdered(spec), tokens);
    const value =
      tokens === undefined || resolved === undefined
        ? undefined
        : put(root, orderedOf(tree), resolved, tokens, toOrdered(setting.value));
    if (value === undefined) return { tree, problems: [...current.problems, unknownPointer(setting.pointer, spec)] };
    current = readTree(nodeOf(value), '');
  }
  return current;
}

/** The long form along a path: the values passed, the last perhaps missing. Own members only. */
function resolve(value: Ordered, tokens: readonly string[]): readonly (Ordered | undefined)[] | undefined {
  const passed: (Ordered | undefined)[] = [value];
  for (const [index, token] of tokens.entries()) {
    const here = passed.at(-1);
    const next: Ordered | undefined = memberOf(here, token);
    if (next === undefined && (index < tokens.length - 1 || !(here instanceof Map))) return undefined;
    passed.push(next);
  }
  return passed;
}

function memberOf(value: Ordered | undefined, token: string): Ordered | undefined {
  if (value instanceof Map) return (value as ReadonlyMap<string, Ordered>).get(token);
  if (Array.isArray(value) && /^(0|[1-9]\d*)$/.test(token)) return (value as readonly Ordered[])[Number(token)];
  return undefined;
}

/** The written value with `wanted` at the path; nothing where the tables have no such place. */
function put(
  schema: TSchema,
  written: Ordered | undefined,
  resolved: readonly (Ordered | undefined)[],
  tokens: readonly string[],
  wanted: Ordered,
): Ordered | undefined {
  const [token, ...rest] = tokens;
  if (token === undefined) return wanted;
  const long = resolved[0];
  const node: SpecNode = spread(schema, nodeOf(written ?? emptyLike(long)));
  const { tag, short, free } = extraOf(schema);
  if (free === true) return undefined;
  if (tag === token && short === tag && rest.length === 0) return new Map([[tag, wanted]]);
  const base = orderedOf(node);
  const longNode = nodeOf(long ?? null);
  const member = step({ schema, node: longNode }, token);
  if (member === undefined) return undefined;
  const inMap = extraOf(chosen(schema, longNode)).values !== undefined;
  if (inMap && resolved[1] === undefined) return undefined;
  if (long instanceof Map) {
    const fields = new Map(base instanceof Map ? (base as ReadonlyMap<string, Ordered>) : []);
    const value = put(member.schema, fields.get(token), resolved.slice(1), rest, wanted);
    if (value === undefined) return undefined;
    for (const other of rivals(schema, longNode, token)) fields.delete(other);
    return ordered(fields.set(token, value), long as ReadonlyMap<string, Ordered>, inMap);
  }
  const source = Array.isArray(base) && base.length > Number(token) ? base : long;
  const items = Array.isArray(source) ? [...(source as readonly Ordered[])] : [];
  const value = put(member.schema, items[Number(token)], resolved.slice(1), rest, wanted);
  if (value === undefined) return undefined;
  items[Number(token)] = value;
  return items;
}

const emptyLike = (long: Ordered | undefined): Ordered =>
  long instanceof Map ? new Map<string, Ordered>() : (long ?? null);

/** Keys that exclude the one that is set. */
function rivals(schema: TSchema, node: SpecNode, key: string): readonly string[] {
  const { oneOf = [], atMostOneOf = [] } = extraOf(chosen(schema, node));
  return [...oneOf, ...atMostOneOf]
    .filter((group) => group.includes(key))
    .flatMap((group) => group.filter((other) => other !== key));
}

/** A name that was only a default takes its place in the order of the long form. */
function ordered(fields: ReadonlyMap<string, Ordered>, long: ReadonlyMap<string, Ordered>, inMap: boolean): Ordered {
  if (!inMap) return fields;
  const known = [...long.keys()].filter((key) => fields.has(key));
  const rest = [...fields.keys()].filter((key) => !long.has(key));
  return new Map([...known, ...rest].map((key) => [key, fields.get(key) ?? null]));
}

function unknownPointer(pointer: string, spec: unknown): Problem {
  const tokens = parsePointer(pointer) ?? [];
  let here: Ordered | undefined = toOrdered(spec);
  let reached = '';
  for (const token of tokens) {
    const next = memberOf(here, token);
    if (next === undefined) break;
    reached += `/${token}`;
    here = next;
  }
  const missing = tokens[reached.split('/').length - 1] ?? '';
  const keys = here instanceof Map ? [...(here as ReadonlyMap<string, Ordered>).keys()] : [];
  const near = nearestWord(missing, keys);
  const hint =
    near === undefined ? text('', '') : text(` Did you mean ${reached}/${near}?`, `是否指 ${reached}/${near}？`);
  return problem(
    'unknown-pointer',
    pointer,
    text(`${pointer} leads to nothing in this spec.${hint.en}`, `${pointer} 在此描述文件中没有对应的内容。${hint.zh}`),
  );
}
