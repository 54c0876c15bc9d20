/** What a reference may name: what the spec defines itself, as far as it can be read, and what is known from outside. */
import type { TSchema } from 'typebox';
import { escapeToken } from '../editing/pointer.ts';
import type { Token } from '../editing/pointer.ts';
import { tagWord } from '../reading/choose.ts';
import { namesDefined } from '../reading/references.ts';
import type { NameKind } from '../reading/references.ts';
import type { SpecNode } from '../reading/tree.ts';
import { extraOf } from '../schema/build.ts';
import type { Reference } from '../schema/build.ts';
import { observable } from '../strategies.ts';
import { childOf, chosen, spotAt } from './walk.ts';
import { formsOf, itemsOf, propertiesOf } from './words.ts';

/** Names from outside of the spec. */
export interface Known {
  /** Columns of the data. */
  readonly columns?: readonly string[];
  /** Files that may be named, relative to the spec. */
  readonly files?: readonly string[];
}

const own: Readonly<Partial<Record<Reference, NameKind>>> = {
  input: 'input',
  block: 'block',
  task: 'task',
  source: 'source',
};

/** All that a reference may name at a path: not the thing itself, and nothing that its list holds already. */
export function candidates(
  refers: Reference,
  tree: SpecNode | undefined,
  path: readonly Token[],
  known: Known,
): readonly string[] {
  const taken = new Set([...itself(path), ...besides(tree, path)]);
  return namesOf(refers, tree, known).filter((name) => !taken.has(name));
}

function namesOf(
  refers: Reference,
  tree: SpecNode | undefined,
  { columns = [], files = [] }: Known,
): readonly string[] {
  const defined = namesDefined(tree);
  const of = (kind: NameKind): readonly string[] => defined.filter((one) => one.kind === kind).map(({ name }) => name);
  const kind = own[refers];
  if (kind !== undefined) return of(kind);
  switch (refers) {
    case 'node':
      return [...of('block'), ...of('input'), ...of('task').map((name) => `task:${name}`)];
    case 'column':
      return columns;
    case 'file':
      return files;
    case 'strategy':
      return observable;
    case 'monitor':
      return monitors(tree, of('task'));
    default:
      return [];
  }
}

/** The block or task that one writes in cannot read itself. */
function itself([section, name]: readonly Token[]): readonly string[] {
  if (section === 'network') return [String(name)];
  return section === 'tasks' ? [`task:${String(name)}`] : [];
}

/** What stands in the same list already, the place itself left out. */
function besides(tree: SpecNode | undefined, path: readonly Token[]): readonly string[] {
  const index = path.at(-1);
  if (typeof index !== 'number') return [];
  let node = tree;
  for (const token of path.slice(0, -1)) node = childOf(node, token);
  if (node?.kind !== 'array') return [];
  return node.items.flatMap((item, at) => {
    const text = at === index ? undefined : tagWord(item, '');
    return text === undefined ? [] : [text];
  });
}

/** Everything that may be watched: the two totals, and of each task its loss and its metrics, written or by default. */
function monitors(tree: SpecNode | undefined, tasks: readonly string[]): readonly string[] {
  const ofTask = (name: string): readonly string[] => {
    const spot = spotAt(tree, ['tasks', name]);
    const schema = spot === undefined ? {} : (propertiesOf(chosen(spot.schema, spot.node))['metrics'] ?? {});
    const written = childOf(spot?.node, 'metrics');
    const items = written?.kind === 'array' ? written.items : written === undefined ? [] : [written];
    const named = items.flatMap((item) => tagWord(item, 'type') ?? []);
    const { fallback } = extraOf(schema);
    const usual = Array.isArray(fallback) ? fallback.map(String) : [];
    const place = `validation/${escapeToken(name)}`;
    return ['loss', ...(written === undefined ? usual : named)].map((measure) => `${place}/${escapeToken(measure)}`);
  };
  return ['validation/skill', 'validation/total', ...tasks.flatMap(ofTask)];
}

/** What the text at a path refers to; nothing where it is no reference. */
export function refersAt(tree: SpecNode | undefined, path: readonly Token[]): Reference | undefined {
  const spot = spotAt(tree, path);
  if (spot === undefined || (tagWord(spot.node, '') ?? '') === '') return undefined;
  const find = (schema: TSchema, depth: number): Reference | undefined => {
    const { refers, short, single } = extraOf(schema);
    if (refers !== undefined || depth === 0) return refers;
    const inner = [
      ...formsOf(schema),
      ...(single === true ? [itemsOf(schema)] : []),
      ...(short === undefined || short === '' ? [] : [propertiesOf(schema)[short] ?? {}]),
    ];
    return inner.map((one) => find(one, depth - 1)).find((found) => found !== undefined);
  };
  return find(spot.schema, 4);
}
