/** A strategy is known by name in its own two files and the two tables, and its proofs are found under it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { strategyNames } from '../../../src/spec/index.ts';
import { extraOf } from '../../../src/spec/schema/build.ts';
import { strategies } from '../../../src/spec/schema/strategies.ts';
import { propertiesOf, constOf } from '../../../src/spec/telling/words.ts';

const root = path.join(import.meta.dirname, '../../..');
const kinds = ['losses', 'gram', 'entries', 'batches'];
const names: ReadonlySet<string> = new Set(strategyNames);

/** Words that mean other things as well: they count where the line speaks of strategies. */
const everyday = new Set([
  'static',
  'sum',
  'mean',
  'log',
  'random',
  'config',
  'geometric',
  'complexity',
  'performance',
]);

/** Names that are words of something else of the language. */
const otherWords: readonly { readonly what: string; readonly files: RegExp; readonly words: readonly string[] }[] = [
  {
    what: 'the methods of `mtl suggest`',
    files: /^src\/(?:trainer\/suggest\/|cli\/verbs\/suggest\.ts|cli\/worker-bundle\.ts|editor\/weights\/suggest\.ts)/,
    words: ['complexity', 'performance', 'initial-loss'],
  },
  {
    what: 'the arms of an experiment',
    files: /^src\/(?:spec\/schema\/experiment\.ts|experiment\/arms\/)/,
    words: ['unitary'],
  },
];
const tables = new Set(['src/spec/schema/strategies.ts', 'src/weighting/table.ts']);

const filesOf = (folder: string): string[] =>
  fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/')))
    .filter((file) => file.endsWith('.ts'));

/** Whether a file may say a name. */
function mayName(file: string, name: string): boolean {
  if (tables.has(file) || file === `src/spec/schema/strategies/${name}.ts`) return true;
  if (kinds.some((kind) => file === `src/weighting/${kind}/${name}.ts`)) return true;
  return otherWords.some(({ files, words }) => files.test(file) && words.includes(name));
}

/** Names that a file's code says: as texts, as types and as keys; not in sentences. */
function namedIn(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
  const lines = text.split('\n');
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const isKey = ts.isIdentifier(node) && ts.isPropertyAssignment(node.parent) && node.parent.name === node;
    if ((ts.isStringLiteralLike(node) || isKey) && names.has(node.text)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
      const meant = !everyday.has(node.text) || (!isKey && /strateg/i.test(lines[line] ?? ''));
      if (meant && !mayName(file, node.text)) found.push(`${file}:${String(line + 1)} says "${node.text}"`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

test('no other file of the sources says the name of a strategy', () => {
  const files = [...filesOf('src'), ...filesOf('webview')];
  assert.ok(files.length > 500);
  assert.deepEqual(
    files.flatMap((file) => namedIn(file, fs.readFileSync(path.join(root, file), 'utf8'))),
    [],
  );
});

test('a name is seen as a text, a type and a key, an everyday word where strategies are spoken of', () => {
  const seen = (text: string): number => namedIn('src/plan/made-up.ts', text).length;
  assert.equal(seen("const a = name === 'pcgrad'; type B = 'dwa'; const c = { mgda: 1, 'nash-mtl': 2 };"), 4);
  assert.equal(seen("if (strategy.name === 'static') run();"), 1);
  assert.equal(seen("const reduce = 'sum'; const d = { mean: 0 }; say('as pcgrad does');"), 0);
  assert.equal(namedIn('src/weighting/losses/dwa.ts', "const a: Row<'dwa'> = b; const c = 'mgda';").length, 1);
});

test('each strategy has its word, its arithmetic and its proofs in files of its name, and a row of it', () => {
  const word = (file: string): string => path.basename(file).replace(/(?:\.test)?\.ts$/, '');
  const arithmetic = kinds.flatMap((kind) => filesOf(`src/weighting/${kind}`));
  const sorted = [...strategyNames].sort();
  assert.deepEqual(arithmetic.map(word).sort(), sorted);
  const proofs = kinds.flatMap((kind) => filesOf(`test/unit/weighting/${kind}`));
  const proofOf = (file: string): string => file.replace(/^src\/(.*)\.ts$/, 'test/unit/$1.test.ts');
  assert.deepEqual(proofs.sort(), arithmetic.map(proofOf).sort());
  assert.deepEqual(filesOf('src/spec/schema/strategies').map(word).sort(), [...sorted, 'module'].sort());
  for (const [name, entry] of Object.entries(strategies)) {
    assert.equal(constOf(propertiesOf(entry)['name'] ?? {}), name);
    assert.equal(extraOf(entry).feature, `strategy/${name}`);
  }
});
