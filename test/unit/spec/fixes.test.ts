// Every problem of a spec has a quick fix that mends it, or a reason why there is none. What is new must say which.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { makePlan } from '../../../src/plan/index.ts';
import type { DataFacts } from '../../../src/plan/plan.ts';
import { applyEdits, readSpec, type Problem } from '../../../src/spec/index.ts';
import { root } from '../../../scripts/lib/process.mjs';
import { withLayer, withParts } from './golden.ts';
import { assertBilingual } from '../bilingual.ts';

const facts = (...names: readonly string[]): DataFacts => ({
  columns: new Map(names.map((name) => [name, { shape: [], dtype: 'text' }])),
});
const usual = facts('a', 'b', 'y');

interface Specimen {
  readonly text: string;
  readonly facts?: DataFacts;
  /** Which of the fixes; the first where nothing is said. */
  readonly fix?: RegExp;
}

const trunk = (rest: string): string => withParts({ network: `"trunk": { "input": "x", "layers": [] }, ${rest}` });
const training = (rest: string): string => withParts({ rest: `"training": { ${rest} }` });
const regression = (rest: string): string =>
  withParts({ tasks: `"t": { "type": "regression", "target": "y", "input": "trunk", ${rest} }` });
const split = (rest: string): string =>
  withParts({
    data: `"source": "a.csv", "inputs": { "x": { "type": "number", "from": ["a", "b"] } }, "split": ${rest}`,
  });

/** Codes with a text in which the fix leaves no problem of that code. */
const mended: Readonly<Record<string, readonly Specimen[]>> = {
  syntax: [{ text: withParts({}).replace('}, "tasks"', '} "tasks"') }],
  'unknown-key': [{ text: training('"lr": 0.01') }, { text: withLayer('{ "type": "dense", "out_features": 3 }') }],
  'unknown-value': [
    ...['Dense', 'nn.Linear', 'Linear'].map((type) => ({ text: withLayer(`{ "type": "${type}", "units": 3 }`) })),
    ...['Conv2d', 'nn.Conv2d', 'Conv2D'].map((type) => ({
      text: withLayer(`{ "type": "${type}", "filters": 3, "kernelSize": 3 }`),
    })),
    ...['mean_squared_error', 'MSELoss', 'nn.L1Loss', 'SmoothL1Loss', 'meanAbsoluteError'].map((loss) => ({
      text: regression(`"loss": "${loss}"`),
    })),
    ...['CrossEntropyLoss', 'categorical_crossentropy', 'sparse_categorical_crossentropy', 'NLLLoss'].map((loss) => ({
      text: withParts({
        tasks: `"t": { "type": "classification", "target": "y", "input": "trunk", "loss": "${loss}" }`,
      }),
    })),
    ...['Adam', 'optim.SGD', 'RMSprop'].map((name) => ({ text: training(`"optimizer": "${name}"`) })),
    { text: training('"schedule": "CosineAnnealingLR"') },
    { text: withLayer('"BatchNorm1d"') },
  ],
  'missing-key': [
    { text: withLayer('{ "type": "dense" }') },
    { text: withLayer('"dense"') },
    { text: withLayer('{ "type": "conv2d", "filters": 3 }') },
    { text: withLayer('{ "units": 3 }') },
    { text: split('{ "folds": { "k": 5 } }') },
  ],
  'duplicate-key': [{ text: training('"seed": 1, "seed": 2') }],
  'ignored-key': [{ text: regression('"loss": { "type": "mse", "delta": 1 }') }],
  'conflicting-keys': [{ text: training('"epochs": 3, "steps": 4') }],
  'wrong-type': [
    { text: training('"epochs": "3"') },
    { text: withLayer('{ "type": "dense", "units": 3, "useBias": "False" }') },
  ],
  'out-of-range': [
    { text: training('"epochs": 0') },
    { text: training('"epochs": 2.5') },
    { text: training('"epochs": -3') },
  ],
  'duplicate-value': [
    {
      text: withParts({
        tasks: '"t": { "type": "classification", "target": "y", "input": "trunk", "classes": ["a", "b", "a"] }',
      }),
    },
    { text: regression('"metrics": ["mae", "rmse", "mae"]') },
  ],
  'split-shares': [{ text: split('{ "train": 0.8, "validation": 0.1, "test": 0.2 }') }],
  'stages-missing': [
    { text: withParts({ network: '"trunk": { "input": "x", "layers": ["flatten"], "sharing": "ple" }' }) },
  ],
  'poisson-normalize': [{ text: regression('"loss": "poisson", "normalize": "standard"') }],
  'metric-without-loss': [{ text: regression('"metrics": ["mae", "pinball"]') }],
  'unused-block': [{ text: trunk('"idle": { "input": "x", "layers": [] }') }],
  'unused-input': [
    {
      text: withParts({
        data: '"source": "a.csv", "inputs": { "x": { "type": "number", "from": "a" }, "z": { "type": "number", "from": "b" } }',
      }),
    },
  ],
  'unknown-name': [{ text: withParts({}).replace('"input": "trunk"', '"input": "trunkk"') }],
  'unknown-task': [{ text: withParts({ rest: '"weights": { "t": 1, "nobody": 2 }' }), fix: /^Remove/ }],
  'weight-missing': [
    {
      text: withParts({
        tasks:
          '"t": { "type": "regression", "target": "y", "input": "trunk" }, "u": { "type": "regression", "target": "y", "input": "trunk" }',
        rest: '"weights": { "t": 1 }',
      }),
    },
  ],
  'weights-all-zero': [{ text: withParts({ rest: '"weights": { "t": 0 }' }) }],
  'unknown-column': [
    { text: withParts({}).replace('"y"', '"target"'), facts: facts('a', 'b', 'tarket') },
    { text: regression('"sampleWeight": "rowwweight"'), facts: facts('a', 'b', 'y', 'rowweight') },
  ],
  'target-as-input': [
    { text: withParts({ data: '"source": "a.csv", "inputs": { "x": { "type": "number", "from": ["a", "y"] } }' }) },
  ],
  'unknown-monitor': [{ text: training('"earlyStopping": { "monitor": "validation/t/rmsee" }') }],
  'no-validation': [
    {
      text: split('{ "train": 0.9, "validation": 0, "test": 0.1 }').replace(
        / \}$/,
        ', "training": { "earlyStopping": { "patience": 3 } } }',
      ),
    },
  ],
  'split-fold': [{ text: split('{ "folds": { "k": 3, "fold": 3 } }') }],
  'top-k-trivial': [
    {
      text: withParts({
        tasks:
          '"t": { "type": "classification", "classes": 4, "target": "y", "input": "trunk", "metrics": ["accuracy", { "type": "topK", "k": 5 }] }',
      }),
    },
  ],
  'frozen-noise': [
    {
      text: withParts({
        network: '"trunk": { "input": "x", "layers": [{ "type": "dense", "units": 4 }], "trainable": false }',
      }),
    },
  ],
  'index-as-number': [
    {
      text: withParts({
        data: '"source": "a.csv", "inputs": { "x": { "type": "category", "encoding": "index", "from": "a" } }',
      }),
    },
  ],
  'accumulate-batches': [
    {
      text: withParts({
        tasks:
          '"t": { "type": "regression", "target": "y", "input": "trunk" }, "u": { "type": "regression", "target": "y", "input": "trunk" }',
        rest: '"strategy": "modo", "training": { "accumulate": 2 }',
      }),
    },
  ],
  'three-batches': [
    {
      text: withParts({
        tasks:
          '"t": { "type": "regression", "target": "y", "input": "trunk" }, "u": { "type": "regression", "target": "y", "input": "trunk" }',
        rest: '"strategy": "modo", "training": { "seed": 1 }',
      }),
      facts: { ...usual, trainRows: 30 },
    },
  ],
  'head-shape': [
    {
      text: withParts({
        data: '"source": "a.npz", "inputs": { "x": { "type": "image", "from": "a" } }',
        network: '"trunk": { "input": "x", "layers": [{ "type": "conv2d", "filters": 2, "kernelSize": 3 }] }',
      }),
      facts: {
        columns: new Map([
          ['a', { shape: [9, 9], dtype: 'uint8' }],
          ['y', { shape: [], dtype: 'float32' }],
        ]),
      },
    },
  ],
  'kernel-too-large': [
    {
      text: withParts({
        data: '"source": "a.npz", "inputs": { "x": { "type": "image", "from": "a" } }',
        network:
          '"trunk": { "input": "x", "layers": [{ "type": "conv2d", "filters": 2, "kernelSize": 5 }, "flatten"] }',
      }),
      facts: {
        columns: new Map([
          ['a', { shape: [3, 3], dtype: 'uint8' }],
          ['y', { shape: [], dtype: 'float32' }],
        ]),
      },
    },
  ],
  'bias-before-normalization': [
    {
      text: withParts({
        network: '"trunk": { "input": "x", "layers": [{ "type": "dense", "units": 4 }, "batchNormalization"] }',
      }),
    },
  ],
  'learning-rate-far-out': [{ text: training('"learningRate": 3') }],
  'batch-of-one': [
    {
      text: withParts({
        network: '"trunk": { "input": "x", "layers": ["batchNormalization"] }',
        rest: '"training": { "batchSize": 1 }',
      }),
    },
  ],
  'unknown-strategy': [{ text: withParts({ rest: '"strategy": { "name": "static", "observe": ["pcgrab"] }' }) }],
};

/** Codes whose fixes are shown by other tests, which are named. */
const elsewhere: Readonly<Record<string, string>> = {
  'file-missing': 'data/describe.test.ts',
  'gradnorm-layer': 'plan/gradients.test.ts',
  'heads-weightless': 'plan/gradients.test.ts',
  'not-observable': 'plan/observe.test.ts',
  'nothing-shared': 'plan/gradients.test.ts',
  'nothing-to-smooth': 'plan/strategy.test.ts',
  'per-entry': 'plan/gradients.test.ts',
  representation: 'plan/problems/gradients.test.ts',
  'shape-mismatch': 'plan/make.test.ts',
  'strides-and-dilation': 'plan/make.test.ts',
  'unknown-class': 'plan/problems/tasks.test.ts',
  'weights-without-meaning': 'plan/strategy.test.ts',
};

const onlyThePerson = 'what is meant stands nowhere: only the person knows';
const aboutTheFile = 'the data file is to be mended, not the spec';
const toDecide = 'there are several ways out, which give different experiments';

const without: Readonly<Record<string, string>> = {
  'bad-name': 'a name is changed everywhere at once, by Rename',
  'bad-setting': 'of the command line, not of a text',
  'unknown-pointer': 'of the command line, not of a text',
  empty: onlyThePerson,
  'wrong-count': onlyThePerson,
  'not-available': 'nothing else does the same',
  'too-deep': onlyThePerson,
  'too-large': toDecide,
  memory: toDecide,
  'memory-near': toDecide,
  'monitor-without-value': toDecide,
  'name-clash': 'a name is changed everywhere at once, by Rename',
  'negative-loss': toDecide,
  'no-best': toDecide,
  'no-columns': onlyThePerson,
  'no-tasks': 'a task is completed from its snippet, with the columns there are',
  'no-training-labels': aboutTheFile,
  'not-an-image': onlyThePerson,
  'not-index': toDecide,
  'one-a-task': onlyThePerson,
  'one-column': onlyThePerson,
  'pattern-matches-nothing': onlyThePerson,
  'sharing-input': toDecide,
  'sharing-shape': toDecide,
  'sharing-size': toDecide,
  'target-width': onlyThePerson,
  'task-in-block': toDecide,
  'too-few-classes': aboutTheFile,
  cycle: 'any of the inputs on the way may be the wrong one',
  'csv-decimal': toDecide,
  'csv-encoding': toDecide,
  'csv-header': toDecide,
  'csv-quote': aboutTheFile,
  'csv-separator': toDecide,
  'duplicate-column': aboutTheFile,
  encoding: aboutTheFile,
  'format-unknown': toDecide,
  'header-cut': 'of Restricted Mode, which is for the person to end',
  'jsonl-line': aboutTheFile,
  'not-a-file': onlyThePerson,
  'not-a-module': onlyThePerson,
  npy: aboutTheFile,
  'object-array': aboutTheFile,
  'path-outside': 'a rule of safety, which no fix lifts',
  'path-refused': 'a rule of safety, which no fix lifts',
  'ragged-row': aboutTheFile,
  shape: aboutTheFile,
  split: aboutTheFile,
  unreadable: aboutTheFile,
  zip: aboutTheFile,
};

const codesOf = (): ReadonlySet<string> => {
  const place = /(?:\b(?:error|warning|information|report|fail|\w*Error|\w*[pP]roblem)\(\s*|\bcode(?::| =) )'([a-z0-9]+(?:-[a-z0-9]+)*)'/g; // prettier-ignore
  const found = new Set<string>();
  for (const room of ['spec', 'plan', 'data']) {
    const folder = path.join(root, 'src', room);
    for (const name of fs.readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue;
      for (const [, code = ''] of fs.readFileSync(path.join(folder, name), 'utf8').matchAll(place)) found.add(code);
    }
  }
  return found;
};

function problemsOf(text: string, known: DataFacts): readonly Problem[] {
  const { spec, tree, problems } = readSpec(text);
  return spec === undefined ? problems : [...problems, ...makePlan(spec, tree, known).problems];
}

for (const [code, specimens] of Object.entries(mended)) {
  test(`the fix of ${code} mends it`, () => {
    for (const { text, facts: known = usual, fix: wanted = /./ } of specimens) {
      const problem = problemsOf(text, known).find((one) => one.code === code);
      const fix = problem?.fixes.find(({ title }) => wanted.test(title.en));
      assert.ok(
        problem !== undefined && fix !== undefined,
        `${code}: ${text} (${problem?.message.en ?? 'no such problem'})`,
      );
      assertBilingual(fix.title);
      const after = problemsOf(applyEdits(text, fix.edits), known);
      const same = after.filter(
        (one) => one.code === code && one.pointer === problem.pointer && one.message.en === problem.message.en,
      );
      assert.deepEqual(same, [], `${fix.title.en}: ${applyEdits(text, fix.edits)}`);
      assert.ok(
        after.every((one) => one.code !== 'syntax'),
        applyEdits(text, fix.edits),
      );
    }
  });
}

test('every problem that a spec may have has a fix, or a reason why not', () => {
  const listed = [...Object.keys(mended), ...Object.keys(elsewhere), ...Object.keys(without)];
  assert.deepEqual(listed.filter((code, index) => listed.indexOf(code) < index), [], 'each once'); // prettier-ignore
  const codes = codesOf();
  assert.deepEqual([...codes].filter((code) => !listed.includes(code)), []); // prettier-ignore
});

test('fixes that are shown elsewhere are', () => {
  for (const [code, file] of Object.entries(elsewhere)) {
    const text = fs.readFileSync(path.join(root, 'test/unit', file), 'utf8');
    assert.ok(text.includes(`'${code}'`) && /fix/.test(text), `${code} in ${file}`);
  }
});
