/** Reading of words, numbers and texts, and what is said when they are not what they should be. */
import type { TSchema } from 'typebox';
import type { Json } from '../../common/checks.ts';
import { renameFix, replaceFix } from '../editing/fixes.ts';
import { removeItemFix } from '../editing/insertions.ts';
import { nearestWord } from './foreign.ts';
import type { Token } from '../editing/pointer.ts';
import type { NodePlace, Reporter } from './rules.ts';
import { extraOf } from '../schema/build.ts';
import { parseSize } from '../../common/size.ts';
import { text } from '../../common/text.ts';
import type { Fix } from '../problem.ts';
import type { ArrayNode, ObjectNode, SpecNode } from './tree.ts';
import { constOf, enumOf, inRange, kindWords, typeOf, valueWords } from '../telling/words.ts';

export function wrongType(
  reporter: Reporter,
  schema: TSchema,
  node: SpecNode,
  place: NodePlace,
  fixes: readonly Fix[] = [],
): unknown {
  const wanted = kindWords(schema);
  const given = valueWords(node);
  const what = keyWords(place.tokens);
  const message = text(
    `${what} must be ${wanted.en}; here stands ${given.en}.`,
    `${what} 应为${wanted.zh}；此处是${given.zh}。`,
  );
  return reporter.fail('wrong-type', node, place.tokens, message, fixes);
}

export function readScalar(reporter: Reporter, schema: TSchema, node: SpecNode, place: NodePlace): unknown {
  if (node.kind !== 'scalar') return wrongType(reporter, schema, node, place);
  const { value } = node;
  const fixed = constOf(schema);
  if (fixed !== undefined) return value === fixed ? value : mismatch(reporter, schema, node, place, fixed as Json);
  const words = enumOf(schema);
  if (words !== undefined) {
    if (typeof value !== 'string') return wrongType(reporter, schema, node, place);
    return words.includes(value) ? value : unknownWord(reporter, value, words, node, place);
  }
  const kind = typeOf(schema);
  if (kind === 'number' || kind === 'integer') return readNumber(reporter, schema, kind, node, place);
  if (kind === 'string' && typeof value === 'string') return readString(reporter, schema, value, node, place);
  if (typeof value === kind) return value;
  // A truth value in quotes.
  const meant = kind === 'boolean' && typeof value === 'string' ? value.toLowerCase() : '';
  const fixes = meant === 'true' || meant === 'false' ? [replaceFix(node, meant)] : [];
  return wrongType(reporter, schema, node, place, fixes);
}

function mismatch(reporter: Reporter, schema: TSchema, node: SpecNode, place: NodePlace, fixed: Json): unknown {
  return wrongType(reporter, schema, node, place, [replaceFix(node, JSON.stringify(fixed))]);
}

function readNumber(
  reporter: Reporter,
  schema: TSchema,
  kind: 'number' | 'integer',
  node: SpecNode,
  place: NodePlace,
): unknown {
  const value = node.kind === 'scalar' ? node.value : null;
  if (typeof value !== 'number') {
    const meant = typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
    const fits = Number.isFinite(meant) && inRange(schema, meant) && (kind === 'number' || Number.isInteger(meant));
    return wrongType(reporter, schema, node, place, fits ? [replaceFix(node, String(meant))] : []);
  }
  const whole = kind === 'number' || Number.isSafeInteger(value);
  if (whole && Number.isFinite(value) && inRange(schema, value)) return value;
  const wanted = kindWords(schema);
  const what = keyWords(place.tokens);
  const large = text('too large', '过大的数');
  const given = Number.isFinite(value) ? text(String(value), String(value)) : large;
  const message = text(
    `${what} must be ${wanted.en}; it is ${given.en}.`,
    `${what} 应为${wanted.zh}；现为 ${given.zh}。`,
  );
  return reporter.fail('out-of-range', node, place.tokens, message, boundFixes(schema, kind, value, node));
}

/** The nearest value that may stand there, where a bound or the next whole number is one. */
function boundFixes(schema: TSchema, kind: 'number' | 'integer', value: number, node: SpecNode): readonly Fix[] {
  if (!Number.isFinite(value)) return [];
  const { minimum = -Infinity, maximum = Infinity } = schema as { minimum?: number; maximum?: number };
  const within = Math.min(maximum, Math.max(minimum, kind === 'integer' ? Math.round(value) : value));
  return within !== value && inRange(schema, within) ? [replaceFix(node, String(within))] : [];
}

function readString(reporter: Reporter, schema: TSchema, value: string, node: SpecNode, place: NodePlace): unknown {
  const { nonEmpty, characters, size } = extraOf(schema);
  const what = keyWords(place.tokens);
  if (nonEmpty === true && value === '') {
    return reporter.fail('empty', node, place.tokens, text(`${what} may not be empty.`, `${what} 不能为空。`));
  }
  if (characters !== undefined && Array.from(value).length > characters) {
    return reporter.fail(
      'out-of-range',
      node,
      place.tokens,
      text(`${what} must be one character.`, `${what} 须为单个字符。`),
    );
  }
  if (size === true && parseSize(value) === undefined) {
    const message = text(
      `${what} must be a size such as \`512 MB\` or \`2 GB\`.`,
      `${what} 应为大小，例如 \`512 MB\` 或 \`2 GB\`。`,
    );
    return reporter.fail('out-of-range', node, place.tokens, message);
  }
  return value;
}

export function unknownWord(
  reporter: Reporter,
  value: string,
  words: readonly string[],
  node: SpecNode,
  place: NodePlace,
): unknown {
  const near = nearestWord(value, words);
  const all = words.map((word) => `\`${word}\``).join(' ');
  const what = keyWords(place.tokens);
  const shown = JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value);
  const message =
    near === undefined
      ? text(`${shown} means nothing for ${what}; it may be ${all}.`, `${what} 没有取值 ${shown}；可取 ${all}。`)
      : text(
          `${shown} means nothing for ${what}; did you mean \`${near}\`?`,
          `${what} 没有取值 ${shown}；是否指 \`${near}\`？`,
        );
  return reporter.fail('unknown-value', node, place.tokens, message, near === undefined ? [] : [renameFix(node, near)]);
}

export function wrongCount(
  reporter: Reporter,
  list: ArrayNode,
  least: number,
  most: number,
  place: NodePlace,
): unknown {
  const what = keyWords(place.tokens);
  const wanted =
    least === most
      ? text(`exactly ${least}`, `恰好 ${least} 项`)
      : list.items.length < least
        ? text(`at least ${least}`, `至少 ${least} 项`)
        : text(`at most ${most}`, `至多 ${most} 项`);
  const message = text(
    `${what} needs ${wanted.en} ${least === 1 && most !== 1 ? 'entry' : 'entries'}; here are ${list.items.length}.`,
    `${what} 需要${wanted.zh}；此处有 ${list.items.length} 项。`,
  );
  return reporter.fail('wrong-count', list, place.tokens, message);
}

export function tooMany(reporter: Reporter, node: ObjectNode, most: number, place: NodePlace): unknown {
  const what = keyWords(place.tokens);
  const message = text(
    `${what} takes at most ${most} entries; here are ${node.members.size}.`,
    `${what} 至多 ${most} 项；此处有 ${node.members.size} 项。`,
  );
  return reporter.fail('wrong-count', node, place.tokens, message);
}

export function checkDistinct(reporter: Reporter, list: ArrayNode, items: readonly unknown[], place: NodePlace): void {
  const seen = new Set<unknown>();
  items.forEach((item, index) => {
    if (seen.has(item)) {
      const shown = JSON.stringify(item);
      reporter.fail(
        'duplicate-value',
        list.items[index] ?? list,
        [...place.tokens, index],
        text(`${shown} stands in this list twice.`, `${shown} 在此列表中重复出现。`),
        list.items[index] === undefined ? [] : [removeItemFix(reporter.source, list, index)],
      );
    }
    seen.add(item);
  });
}

/** The last name of a path, quoted: what a message is about. */
export const keyWords = (tokens: readonly Token[]): string => {
  const names = tokens.filter((token) => typeof token === 'string');
  const last = names.at(-1);
  return last === undefined ? '`*.mtl.json`' : `\`${last}\``;
};
