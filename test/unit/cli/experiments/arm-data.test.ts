// What only the rows tell, of the spec and of every arm: said before anything is started.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import { checkWithExperiment } from '../../../../src/cli/experiments/read.ts';
import { placeOf } from '../../../../src/cli/places.ts';
import { readSpecFile } from '../../../../src/cli/spec-file.ts';
import { quickFolder } from '../../experiment/workplace.ts';
import { spec } from '../../experiment/specs.ts';

const rows = Array.from({ length: 600 }, (_, i) => `${i},${i % 7},${i % 3},${i - 5},${i + 1}`);
const table = ['p,q,kind,size,positive', ...rows].join('\n');

async function problemsOf(context: TestContext, experiment: object, rest: Readonly<Record<string, unknown>> = {}) {
  const folder = quickFolder(context);
  fs.writeFileSync(path.join(folder, 'a.csv'), table);
  const file = path.join(folder, 's.mtl.json');
  fs.writeFileSync(file, spec({ replicates: 20, ...experiment }, rest));
  const read = readSpecFile(file);
  const place = placeOf({ text: () => undefined, flag: () => false } as never, file);
  const { problems } = await checkWithExperiment(read, place);
  return problems.flatMap(({ code, severity, pointer, message, origin, range }) =>
    ['low-power', 'pilot', 'unlike-arms', 'unused-block'].includes(code)
      ? []
      : [{ code, severity, pointer, message, origin, at: read.text.slice(range.start, range.end) }],
  );
}

const joint = { id: 'joint' };

test('rows of the spec itself', async (context) => {
  const tasks = { kind: { type: 'classification', target: 'kind', classes: 2, input: 'trunk' } };
  const [problem, ...others] = await problemsOf(context, {}, { tasks, weights: { kind: 1 } });
  assert.deepEqual([problem?.severity, problem?.code, others.length], ['error', 'label', 0]);
});

describe('arms', () => {
  test('a label that is none, a target without logarithm, a column that is none: at the arm, by its name', async (context) => {
    for (const [set, code, says] of [
      [
        { '/tasks/kind/classes': 2 },
        'label',
        /^"bad", \/tasks\/kind\/target: .*“classes” says 2, but column “kind” holds 3/,
      ],
      [{ '/tasks/size/normalize': 'log' }, 'label', /^"bad", \/tasks\/size.*: /],
      [{ '/tasks/size/target': 'sise' }, 'unknown-column', /^"bad", \/tasks\/size\/target: .*sise/],
    ] as const) {
      const problems = await problemsOf(context, { arms: [joint, { id: 'bad', set }] });
      assert.deepEqual(problems.map((one) => [one.severity, one.pointer, one.origin]), [['error', '/experiment/arms/1', 'rows']], JSON.stringify(problems)); // prettier-ignore
      const [bad] = problems;
      assert.ok(bad);
      assert.equal(bad.code, code);
      assert.match(bad.message.en, says);
      assert.match(bad.message.zh, /^“bad”的 \/tasks/);
      assert.match(bad.at, /"id": "bad"/);
    }
  });

  test('what is right is not told, nor what the spec is told already', async (context) => {
    const other = { id: 'other', set: { '/tasks/size/target': 'positive' } };
    const arms = [joint, other, { id: 'single', auto: 'single-task' }];
    assert.deepEqual(await problemsOf(context, { arms }), []);
  });

  test('each arm that is wrong is told, also where it is wrong as another one is, or a later one otherwise', async (context) => {
    const few = { '/tasks/kind/classes': 2 };
    const arms = [
      joint,
      { id: 'a', set: few },
      { id: 'b', set: { ...few, '/tasks/size/target': 'positive' } },
      { id: 'c', set: { '/tasks/size/normalize': 'log' } },
      { id: 'd', set: { '/data/split': { train: 0.97, validation: 0.015, test: 0.015 } } },
    ];
    const problems = await problemsOf(context, { arms });
    const told = problems.map(({ severity, code, pointer }) => `${severity} ${code} ${pointer.replace('/experiment/arms/', '')}`); // prettier-ignore
    assert.deepEqual(told.filter((one) => !one.endsWith('4')), ['error label 1', 'error label 2', 'error label 3']); // prettier-ignore
    // A test split of nine rows is worth a word, which of the spec's own nobody had to say.
    assert.ok(told.includes('information tiny-test 4'), told.join());
  });

  test('levels of a factor', async (context) => {
    const factors = [{ name: 'unit', path: '/tasks/size/normalize', levels: ['standard', 'log'] }];
    const problems = await problemsOf(context, { factors });
    assert.deepEqual(problems.map((one) => [one.severity, one.pointer]), [['error', '/experiment/factors']]); // prettier-ignore
  });

  test('beyond two dozen kinds of data it is said that they were not looked at', async (context) => {
    const levels = Array.from({ length: 27 }, (_, index) => [`none${index}`]);
    const factors = [{ name: 'missing', path: '/data/missingTokens', levels }];
    const problems = await problemsOf(context, { factors });
    const said = problems.filter(({ code }) => code === 'data-not-read');
    assert.deepEqual(said.map(({ severity }) => severity), ['information']); // prettier-ignore
    assert.match(said[0]?.message.en ?? '', /^3 settings of the data were not looked at, beyond the first 24/);
  });
});
