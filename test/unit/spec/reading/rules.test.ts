/** Checks over a whole object: where each begins, where it ends, and what it puts in. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSpec } from '../../../../src/spec/index.ts';
import { assertBilingual } from '../../bilingual.ts';
import { golden, withParts } from '../golden.ts';

/** Code, pointer and marked text of each problem, which is said in both languages. */
function told(source: string): readonly (readonly [string, string, string])[] {
  return readSpec(source)
    .problems.filter(({ code }) => code !== 'not-available')
    .map(({ code, pointer, range, message, fixes }) => {
      for (const said of [message, ...fixes.map(({ title }) => title)]) assertBilingual(said);
      return [code, pointer, source.slice(range.start, range.end)] as const;
    });
}

const split = (written: string): string =>
  withParts({ data: `"source": "a.csv", "inputs": { "x": { "type": "number", "from": "a" } }, "split": ${written}` });
const task = (members: string): string =>
  withParts({ tasks: `"t": { "type": "regression", "target": "y", "input": "trunk", ${members} }` });

test('shares sum to 1 where all are written, to 1 at most where some are; what is left goes to the others', () => {
  const shares = (written: string): unknown => {
    const { spec } = readSpec(split(written));
    const found = spec?.data.split;
    return found !== undefined && 'train' in found ? [found.train, found.validation, found.test] : undefined;
  };
  assert.deepEqual(shares('{ "seed": 1 }'), [0.7, 0.15, 0.15]);
  assert.deepEqual(shares('{ "train": 0.5 }'), [0.5, 0.25, 0.25]);
  assert.deepEqual(shares('{ "test": 0.32 }'), [0.56, 0.12, 0.32]);
  assert.deepEqual(shares('{ "validation": 0.5, "test": 0.5 }'), [0, 0.5, 0.5]);
  assert.deepEqual(shares('{ "train": 1 }'), [1, 0, 0]);
  assert.deepEqual(shares('{ "train": 0.3333333, "validation": 0.3333333, "test": 0.3333333 }'), [0.3333333, 0.3333333, 0.3333333]); // prettier-ignore
  const wrong = (written: string, at: string): void =>
    assert.deepEqual(told(split(written)), [['split-shares', '/data/split', at]], written);
  wrong('{ "train": 0.5, "validation": 0.1, "test": 0.2 }', '0.2');
  wrong('{ "train": 0.6, "validation": 0.41 }', '0.41');
  wrong('{ "train": 0.33333, "validation": 0.33333, "test": 0.33333 }', '0.33333');
  const message = readSpec(split('{ "train": 0.1, "validation": 0.2, "test": 0.3 }')).problems[0]?.message.en;
  assert.equal(message, 'The shares of the split sum to 0.6; they must sum to 1.');
  assert.deepEqual(told(split('{ "train": 0, "validation": 0.5 }')), [['split-shares', '/data/split/train', '0']]);
});

test('a split beside files for each part does nothing, unless it says no more than the default', () => {
  const source = (files: string, written: string): string =>
    withParts({
      data: `"source": ${files}, "inputs": { "x": { "type": "number", "from": "a" } }, "split": ${written}`,
    });
  const ignored = [['ignored-key', '/data/split', '"split"']];
  for (const part of ['validation', 'test']) {
    const files = `{ "train": "a.csv", "${part}": "b.csv" }`;
    assert.deepEqual(told(source(files, '{ "train": 0.5 }')), ignored);
    assert.deepEqual(told(source(files, '{ "train": 0.7 }')), []);
    const [problem] = readSpec(source(files, '{ "seed": 3 }')).problems;
    assert.deepEqual([problem?.severity, problem?.fixes.length], ['error', 1]);
  }
  assert.deepEqual(told(source('{ "train": "a.csv" }', '{ "train": 0.5 }')), []);
});

test('a format that is not read yet is told once, where it is named, else at the first file of it', () => {
  const found = (members: string): readonly (readonly [string, string])[] => {
    const source = withParts({ data: `${members}, "inputs": { "x": { "type": "number", "from": "a" } }` });
    return readSpec(source)
      .problems.filter(({ code }) => code === 'not-available')
      .map(({ pointer, range }) => [pointer, source.slice(range.start, range.end)]);
  };
  for (const file of ['"a.parquet"', '"a.PARQUET"', '"train.idx"', '"TRAIN.IDX"', '"t10k-images-ubyte.gz"']) {
    assert.deepEqual(found(`"source": ${file}`), [['/data/source', file]]);
    assert.deepEqual(found(`"source": { "train": "a.csv", "test": ["b.csv", ${file}, "c.parquet"] }`), [['/data/source', file]]); // prettier-ignore
  }
  for (const file of ['a.parquet.csv', 'a.idx.csv', 'a-ubyte.gz.csv'])
    assert.deepEqual(found(`"source": "${file}"`), [], file);
  assert.deepEqual(found('"source": "a.parquet", "format": "csv"'), []);
  assert.deepEqual(found('"source": "a.csv", "format": "parquet"'), [['/data/format', '"parquet"']]);
});

test('an indicator of a value whose row is dropped does nothing', () => {
  const missing = (written: string): string =>
    withParts({
      data: `"source": "a.csv", "inputs": { "x": { "type": "number", "from": "a", "missing": ${written} } }`,
    });
  assert.deepEqual(told(missing('{ "fill": "drop", "indicator": true }')), [['ignored-key', '/data/inputs/x/missing/indicator', '"indicator"']]); // prettier-ignore
  assert.deepEqual(told(missing('{ "fill": "drop", "indicator": false }')), []);
  assert.deepEqual(told(missing('{ "fill": "mean", "indicator": true }')), []);
});

test('a block has layers or stages; what acts between stages asks for them', () => {
  const dense = '[{ "type": "dense", "units": 4 }]';
  const block = (members: string): string => withParts({ network: `"trunk": { "input": "x", ${members} }` });
  assert.deepEqual(told(block(`"layers": ${dense}, "stages": [${dense}], "sharing": "cross-stitch"`)), [['conflicting-keys', '/network/trunk/stages', '"stages"']]); // prettier-ignore
  assert.deepEqual(told(block(`"layers": [], "stages": [${dense}], "sharing": "cross-stitch"`)), []);
  for (const sharing of ['"cross-stitch"', '"ple"', '"mtan"', '"branch"']) {
    const found = told(block(`"layers": ${dense}, "sharing": ${sharing}`));
    assert.deepEqual(found, [['stages-missing', '/network/trunk/sharing', '"sharing"']], sharing);
  }
  assert.deepEqual(told(block(`"layers": ${dense}, "sharing": "mmoe"`)), []);
});

test('a loss says which of its task’s settings mean something', () => {
  assert.deepEqual(told(task('"loss": "poisson", "normalize": "standard"')), [['poisson-normalize', '/tasks/t/normalize', '"standard"']]); // prettier-ignore
  assert.deepEqual(told(task('"loss": "poisson", "normalize": "none"')), []);
  assert.deepEqual(told(task('"loss": "mse", "normalize": "standard"')), []);
  const metrics = (members: string): readonly string[] => {
    const found = readSpec(task(members)).spec?.tasks.get('t')?.metrics ?? [];
    return found.map((metric) => (metric as { type: string }).type);
  };
  assert.equal(metrics('"loss": { "type": "quantile", "quantiles": [0.1, 0.9] }')[0], 'pinball');
  assert.deepEqual(metrics('"loss": { "type": "quantile", "quantiles": [0.1] }, "metrics": ["mae"]'), ['mae']);
  assert.ok(!metrics('"loss": "mse"').includes('pinball'));
  assert.deepEqual(told(task('"loss": "mse", "metrics": ["pinball"]')), [['metric-without-loss', '/tasks/t/metrics', '["pinball"]']]); // prettier-ignore
  assert.deepEqual(told(task('"metrics": ["mae", "r2", "mae"]')), [['duplicate-value', '/tasks/t/metrics', '["mae", "r2", "mae"]']]); // prettier-ignore
});

test('a range goes up, and on a log scale lies above 0', () => {
  const written = '"range": [0.5, 5]';
  const source = golden('experiment');
  assert.ok(source.includes(written));
  const range = (instead: string): readonly (readonly [string, string])[] =>
    told(source.replace(written, instead)).map(([code, , at]) => [code, at]);
  assert.deepEqual(range(written), []);
  assert.deepEqual(range('"range": [5, 0.5]'), [['out-of-range', '[5, 0.5]']]);
  assert.deepEqual(range('"range": [5, 5]'), [['out-of-range', '[5, 5]']]);
  assert.deepEqual(range('"range": [-5, 5]'), []);
  for (const low of ['-1', '0']) {
    assert.deepEqual(range(`"range": [${low}, 5], "scale": "log"`), [['out-of-range', `[${low}, 5]`]]);
  }
  assert.deepEqual(range('"range": [1e-9, 5], "scale": "log"'), []);
});
