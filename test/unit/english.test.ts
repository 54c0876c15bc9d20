// English as it is spelled here: the American way, in code, comments, messages and pages.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../../scripts/lib/process.mjs';
import { projectFiles } from './project-files.ts';

const doubled = 'label cancel model signal travel level channel tunnel fuel'.split(' ');
const withYou = 'colo behavio neighbo favo hono flavo labo rumo endeavo'.split(' ');
const withZ =
  'normal initial regular optim organ summar general special recogn minim maxim real util visual parametr serial token categor random standard emphas character quant discret vector custom critic author synchron penal harmon stabil final memor equal factor symmetr binar linear central item priorit sanit orthogonal'.split(
    ' ',
  );
const whole =
  'centre fibre litre metre theatre licence defence offence grey programme artefact catalogue dialogue judgement whilst amongst learnt spelt fulfil enrol analyse'.split(
    ' ',
  );

/** A word, or a part of a name. */
const british = new RegExp(
  [
    `(?:${doubled.join('|')})l(?:ed|ing)`,
    `(?:${withYou.join('|')})ur`,
    `(?:${withZ.join('|')})i(?:s(?:e[ds]?|ing|ers?)|sations?)(?![a-z])`,
    `(?<![a-z])(?:${whole.join('|')})[ds]?(?![a-z])`,
  ].join('|'),
  'giu',
);

/** Words of contracts that are spelled so, as they stand there. */
const contracts: readonly { readonly word: RegExp; readonly files: RegExp; readonly reason: string }[] = [
  { word: /labelled-mean/gu, files: /./u, reason: 'a reduction in specs' },
  {
    word: /(?<=[.'{ |])labelled(?=[\s,.:'[\]|])/gu,
    files: /^(src\/runs\/(events|records)\.ts|src\/trainer\/output\/records\.ts|test\/.*\.ts)$/u,
    reason: 'the counts of labels in a record',
  },
  { word: /crc-catalogue/gu, files: /./u, reason: 'the address of a page' },
  { word: /aria-labelledby/gu, files: /^webview\//u, reason: 'an attribute of HTML' },
  { word: /['`]cancelled['`]/gu, files: /./u, reason: 'the code of an error: whoever waits has given up' },
];

function britishIn(file: string, text: string): readonly string[] {
  let rest = text;
  for (const { word, files } of contracts) if (files.test(file)) rest = rest.replaceAll(word, '');
  return rest.match(british) ?? [];
}

test('British words are found, in names too, and contract words where they belong', () => {
  const found = (text: string, file = 'src/a.ts'): readonly string[] => britishIn(file, text);
  assert.deepEqual(found('unlabelled neighbours of a grey Centre, normalised'), [
    ...['labelled', 'neighbour', 'grey', 'Centre', 'normalised'],
  ]);
  assert.deepEqual(found('const labelledRows = cancelledRuns'), ['labelled', 'cancelled']);
  assert.deepEqual(found("unlabeled neighbors, a gray center; precise, wise, advertise, four o'clock, parallel"), []);
  assert.deepEqual(found('`labelled-mean` and the code `cancelled`'), []);
  assert.deepEqual(found('readonly labelled: number'), ['labelled']);
  assert.deepEqual(found('readonly labelled: number', 'src/runs/events.ts'), []);
});

test('the project is spelled the American way', () => {
  // What others wrote: vectors of other libraries with the scripts that made them, and licenses.
  const theirs = /^(test\/(golden|reference)\/|package-lock\.json|LICENSE|test\/unit\/english\.test\.ts)/u;
  const ours = projectFiles().filter((file) => /\.(ts|mjs|md|json|css|html)$/u.test(file) && !theirs.test(file));
  const found = ours.flatMap((file) =>
    britishIn(file, fs.readFileSync(path.join(root, file), 'utf8')).map((word) => `${file}: ${word}`),
  );
  assert.deepEqual(found, []);
});
