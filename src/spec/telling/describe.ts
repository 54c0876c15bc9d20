/** What a place of a spec means, in both languages: the text of hovers, completions and the documentation. */
import type { TSchema } from 'typebox';
import { notAvailable } from '../available.ts';
import type { Token } from '../editing/pointer.ts';
import { extraOf } from '../schema/build.ts';
import type { Fact } from '../schema/build.ts';
import { labeled, text } from '../../common/text.ts';
import type { Language, Text } from '../../common/text.ts';
import type { SpecNode } from '../reading/tree.ts';
import { chosen, spotAt, spread } from './walk.ts';
import { kindWords } from './words.ts';

export interface Description {
  readonly title?: Text;
  /** Markdown from our tables; never anything from the spec. */
  readonly text: Text;
  /** What values it takes. */
  readonly values: Text;
  /** JSON, or words where it is found from the data. */
  readonly fallback?: Text;
  readonly formula?: string;
  readonly source?: string;
  readonly facts: readonly Fact[];
  readonly available: boolean;
}

/** The default of a key in words; nothing where it has none. */
export function fallbackWords(schema: TSchema): Text | undefined {
  const { fallback, byConventions, found } = extraOf(schema);
  if (byConventions !== undefined) {
    const both = `tf ${JSON.stringify(byConventions.tf)} · pytorch ${JSON.stringify(byConventions.pytorch)}`;
    return text(both, both);
  }
  if (fallback !== undefined) return text(JSON.stringify(fallback), JSON.stringify(fallback));
  return found;
}

/** Beside which values of another key a key has an effect; empty where it always has. */
function conditionWords(schema: TSchema): Text {
  const { onlyWhen } = extraOf(schema);
  if (onlyWhen === undefined) return text('', '');
  const values = onlyWhen.is.map((value) => `\`${onlyWhen.key}: ${JSON.stringify(value)}\``).join(' / ');
  return text(` Only with ${values}.`, `仅用于 ${values}。`);
}

/** What the tables say of one schema. */
export function descriptionOf(schema: TSchema): Description {
  const { description = '' } = schema as { description?: string };
  const { zh, title, formula, source, feature, facts = [] } = extraOf(schema);
  const where = conditionWords(schema);
  const fallback = fallbackWords(schema);
  return {
    ...(title === undefined ? {} : { title }),
    text: text(description + where.en, (zh === '' ? description : zh) + where.zh),
    values: kindWords(schema),
    ...(fallback === undefined ? {} : { fallback }),
    ...(formula === undefined ? {} : { formula }),
    ...(source === undefined ? {} : { source }),
    facts,
    available: feature === undefined || !notAvailable.has(feature),
  };
}

/**
 * What stands at a path: the key first, then, where the value chooses one entry of a table, that entry. Empty where the
 * language has no such place.
 */
export function describe(tree: SpecNode | undefined, path: readonly Token[]): readonly Description[] {
  const spot = spotAt(tree, path);
  if (spot === undefined || path.length === 0) return [];
  const node = spot.node === undefined ? undefined : spread(spot.schema, spot.node);
  const entry = chosen(spot.schema, node);
  const owner = tagOwner(tree, path);
  const all = [spot.schema, ...(entry === spot.schema ? [] : [entry]), ...(owner === undefined ? [] : [owner])];
  return all.map(descriptionOf).filter(({ text: words, title }) => words.en !== '' || title !== undefined);
}

/** On the `type` of a layer: the layer. */
function tagOwner(tree: SpecNode | undefined, path: readonly Token[]): TSchema | undefined {
  const parent = spotAt(tree, path.slice(0, -1));
  if (parent === undefined || extraOf(parent.schema).tag !== path.at(-1)) return undefined;
  const entry = chosen(parent.schema, parent.node);
  return entry === parent.schema ? undefined : entry;
}

const labels = {
  values: text('Values', '取值'),
  fallback: text('Default', '默认'),
  source: text('Source', '来源'),
  later: text('Not executed by this version yet.', '当前版本尚不能执行。'),
} as const;

/** Markdown of descriptions, for a hover. */
export function hoverText(descriptions: readonly Description[], language: Language): string {
  return descriptions
    .map((one) => {
      const lines = [
        one.title === undefined ? '' : `**${one.title[language]}**`,
        one.text[language],
        one.available ? '' : `*${labels.later[language]}*`,
        one.formula === undefined ? '' : `\`\`\`text\n${one.formula}\n\`\`\``,
        one.title === undefined ? `${labeled(labels.values, language)}${one.values[language]}` : '',
        one.fallback === undefined ? '' : `${labeled(labels.fallback, language)}\`${one.fallback[language]}\``,
        one.source === undefined ? '' : `${labeled(labels.source, language)}${one.source}`,
        one.facts.map((fact) => `- ${labeled(fact.label, language)}${fact.text[language]}`).join('\n'),
      ];
      return lines.filter((line) => line !== '').join('\n\n');
    })
    .join('\n\n---\n\n');
}
