// Every sample: no problem at all, counts that can be checked by hand, and a page beside it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { root } from '../../scripts/lib/process.mjs';
import { describeData } from '../../src/data/index.ts';
import { makePlan } from '../../src/plan/index.ts';
import { readSpec, strategyNames } from '../../src/spec/index.ts';

const folder = path.join(root, 'examples');
const samples = fs
  .readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.mtl.json') && !name.includes('.mtl/'))
  .sort();

/**
 * Parameters of each network, counted by hand from the layers:
 * article: conv 3·3·1·10 + 10; dense 26·26·10·50 + 50; heads (50 + 1)·(10 + 4 + 4).
 * digits: convs (9·1 + 1)·16, (9·16 + 1)·32, (9·32 + 1)·48; γ, β, mean and variance 4·(16 + 32 + 48);
 *   dense (7·7·48 + 1)·128; heads (128 + 1)·18.
 * cars: 5 numbers and 5 indicators; dense (10 + 1)·64, (64 + 1)·32; heads (32 + 1)·(1 + 1 + 3).
 * penguins: 3 numbers and a one-hot island, whose width is found in the data.
 */
const parameters: Readonly<Record<string, number>> = {
  'digits/article.mtl.json': 100 + 338_050 + 918,
  'digits/digits.mtl.json': 144 + 4608 + 13_824 + 384 + 301_184 + 2322,
};

test('every strategy has an arm on every sample of the results', () => {
  const results = samples.filter((name) => name.startsWith('results'));
  assert.equal(results.length, 3);
  for (const sample of results) {
    const { spec } = readSpec(fs.readFileSync(path.join(folder, sample), 'utf8'));
    const arms = (spec?.experiment?.arms ?? []).map(({ id }) => id);
    assert.deepEqual(
      strategyNames.filter((name) => !arms.includes(name)),
      [],
    );
  }
});

describe('samples', () => {
  for (const sample of samples) {
    const file = path.join(folder, sample);
    // A study takes the data of other samples, and explains itself on its page.
    const isStudy = /^(study|results)\b/.test(sample);
    const least = isStudy ? 1 : 3;

    test(`${sample} has no problem`, async () => {
      const { spec, tree, problems } = readSpec(fs.readFileSync(file, 'utf8'));
      assert.deepEqual(problems, []);
      assert.ok(spec !== undefined && tree !== undefined);
      const { facts, problems: dataProblems } = await describeData(spec, {
        specFile: file,
        root: isStudy ? folder : path.dirname(file),
      });
      assert.deepEqual(dataProblems, []);
      const { plan, problems: planProblems } = makePlan(spec, tree, facts);
      assert.deepEqual(planProblems, []);
      const expected = parameters[sample.replaceAll(path.sep, '/')];
      if (expected !== undefined) assert.equal(plan?.parameters.total, expected);
    });

    test(`${sample} teaches in two languages, and a page beside it tells result and license`, () => {
      const comments = fs
        .readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.includes('//'));
      assert.ok(comments.filter((line) => /[\u4e00-\u9fff]/.test(line)).length >= least, 'comments in Chinese');
      assert.ok(comments.filter((line) => /[a-z]{4}/.test(line)).length >= least, 'comments in English');
      const page = fs.readFileSync(path.join(path.dirname(file), 'README.md'), 'utf8');
      assert.ok(page.includes(path.basename(file)));
      assert.match(page, /licen[cs]e/i);
    });
  }
});
