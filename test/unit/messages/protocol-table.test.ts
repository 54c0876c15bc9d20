// Every message that the pages and the editor exchange: it is taken as it is, and with any field missing or wrong it is not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LossHistory } from '../../../src/messages/history.ts';
import { pack } from '../../../src/messages/snapshot.ts';
import {
  parseDoctorToHost,
  parseDoctorToPage,
  parseDiagramToHost,
  parseDiagramToPage,
  parseExperimentToHost,
  parseExperimentToPage,
  parseLossesToHost,
  parseLossesToPage,
} from '../../../src/messages/protocol.ts';

import { comparisonOf, progressOf } from '../../webview/comparisons.ts';
import { surfaceOfTasks } from '../../webview/surfaces.ts';

const run = { id: 'r', name: 'n', state: 'running', weights: [] };
const diagram = { mermaid: 'graph', nodes: [], edges: [] };
const longest = 64 * 1024 * 1024;

/** For each field what it may be, and what it may not. */
type Field = readonly [good: readonly unknown[], bad: readonly unknown[]];
const text: Field = [
  ['', 'a'],
  [undefined, null, 3, [], {}],
];
const textOrNull: Field = [
  ['', 'a', null],
  [undefined, 3, [], {}],
];
const pairs: Field = [
  [[], [['a', '0.5']]],
  [undefined, null, 'a', {}, [1], [['a']], [['a', 0.5]]],
];
const locale: Field = [
  ['en', 'zh-cn'],
  [undefined, null, '', 'de', 3, ['en']],
];
const packed = pack(new LossHistory().snapshot());
const aHistory: Field = [
  [
    packed,
    {
      ...packed,
      steps: [
        { length: 2, all: 'NaN' },
        { length: 2, from: 0 },
      ],
    },
    null,
  ],
  [undefined, [], {}, { ...packed, told: null }, { ...packed, body: [1] }, ...(['steps', 'notFinite', 'gradients'] as const).map((name) => ({ ...packed, [name]: [{ length: 2 }] }))], // prettier-ignore
];
const records: Field = [
  [[], [{ kind: 'step' }]],
  [undefined, null, {}, [{}], [null], [[]], [{ kind: 'step' }, 'x']],
];
const badRuns = [undefined, 'a', [], {}, { ...run, state: 'asleep' }, { ...run, weights: {} }, { ...run, weights: [['a', '1']] }, { ...run, problem: 1 }, { ...run, id: 1 }, { ...run, name: null }]; // prettier-ignore
const states = ['idle', 'preparing', 'running', 'paused', 'stopping', 'stopped', 'completed', 'failed', 'crashed'];
const runs = [{ ...run, weights: [['a', 0.5]], problem: '' }, ...states.map((state) => ({ ...run, state }))];
const aRun: Field = [runs, [...badRuns, null]];
const aRunOrNull: Field = [[...runs, null], badRuns];
const aDiagram: Field = [[diagram, null], [undefined, 'a', [], { ...diagram, mermaid: 1 }, { ...diagram, nodes: {} }, { ...diagram, edges: undefined }]]; // prettier-ignore
const file: Field = [
  ['', 'a'.repeat(longest)],
  [undefined, null, 3, 'a'.repeat(longest + 1)],
];
const comparison = comparisonOf();
const notCompared = [undefined, 'a', [], {}, { ...comparison, v: 2 }, { ...comparison, arms: {} }];
const aComparison: Field = [[comparison], [...notCompared, null]];
const aComparisonOrNull: Field = [[comparison, null], notCompared];
const modes = (['running', 'paused', 'stopping', 'idle', 'done'] as const).map((mode) => progressOf(mode, { why: { en: 'a', zh: 'b' } })); // prettier-ignore
const progress = progressOf('running');
const notProgress = [undefined, 'a', [], {}, { ...progress, mode: 'asleep' }, { ...progress, why: 'a' }, { ...progress, remaining: -1 }, { ...progress, atMost: 1 }, ...(['done', 'failed', 'pruned', 'running', 'waiting', 'later', 'held'] as const).flatMap((name) => [{ ...progress, [name]: -1 }, { ...progress, [name]: 0.5 }, { ...progress, [name]: null }])]; // prettier-ignore
const aProgress: Field = [
  [...modes, { ...progress, remaining: null, why: null }],
  [...notProgress, null],
];
const aProgressOrNull: Field = [[...modes, null], notProgress];
const curve = { arm: 'a', seed: 1, run: 'r', x: [1, 2], y: [0.5, null] };
const curves: Field = [[[], [curve]], [undefined, null, {}, [{}], [{ ...curve, y: ['NaN'] }], [{ ...curve, x: [null] }], [{ ...curve, arm: 1 }], [{ ...curve, run: null }], [{ ...curve, seed: '1' }]]]; // prettier-ignore
const texts: Field = [
  [[], ['a']],
  [undefined, null, 'a', {}, [1], [null]],
];
const surface = surfaceOfTasks(3);
const aSurface: Field = [[surface, null], [undefined, 'a', [], {}, { ...surface, arm: 'other' }, { ...surface, tasks: 'a' }]]; // prettier-ignore
const numbered: Field = [
  [[], [['a', 0.5]]],
  [undefined, null, 'a', {}, [1], [['a']], [['a', '0.5']], [['a', Infinity]], [['a', null]]],
];
const network = { nodes: [{ key: 'block:a', kind: 'block', name: 'a', side: 'first', first: ['a'], second: [], rank: 1 }], edges: [{ from: 'input:x', to: 'block:a', side: 'both', first: '', second: '' }] }; // prettier-ignore
const [part] = network.nodes;
const [edge] = network.edges;
const aNetwork: Field = [[network, { nodes: [], edges: [] }, null], [undefined, 'a', [], {}, ...(['key', 'name', 'side', 'kind', 'first', 'second', 'rank'] as const).map((name) => ({ ...network, nodes: [{ ...part, [name]: { a: 1 } }] })), ...(['from', 'to', 'side', 'first', 'second'] as const).map((name) => ({ ...network, edges: [{ ...edge, [name]: 1 }] })), { ...network, nodes: [{ ...part, side: 'other' }] }, { ...network, nodes: [{ ...part, kind: 'other' }] }, { ...network, nodes: [{ ...part, rank: -1 }] }]]; // prettier-ignore
const aLedgerRecord = { blocks: { low: { norms: [1, null], agreement: [null, 0] } }, step: 10, epoch: 0.5, norms: [1, null], weights: [0.5, null], cosines: [[1, null], [null, 1]] }; // prettier-ignore
const ledger = { tasks: ['a', 'b'], blocks: ['low'], records: [aLedgerRecord] };
const aLedger: Field = [[ledger, { tasks: [], blocks: [], records: [] }, null], [undefined, 'a', [], {}, { ...ledger, tasks: 'a' }, { ...ledger, blocks: 'a' }, { ...ledger, records: [{ ...aLedgerRecord, blocks: { low: { norms: [1] } } }] }, ...(['step', 'epoch', 'norms', 'weights', 'cosines', 'blocks'] as const).map((name) => ({ ...ledger, records: [{ ...aLedgerRecord, [name]: 'a' }] })), { ...ledger, records: [{ ...aLedgerRecord, cosines: [1] }] }]]; // prettier-ignore
const flag: Field = [
  [true, false],
  [undefined, null, 0, 'true'],
];
const oneOf = (...words: readonly string[]): Field => [words, [undefined, null, '', 'exe', ['svg'], 3]];

const choice = { id: 'arm:a', kind: 'arm', name: 'a', runs: 3 };
const overlayChoices: Field = [[[], [choice, { ...choice, kind: 'run', runs: 0 }]], [undefined, null, {}, [{}], [{ ...choice, kind: 'x' }], [{ ...choice, id: 1 }], [{ ...choice, name: null }], [{ ...choice, runs: -1 }], [{ ...choice, runs: 0.5 }]]]; // prettier-ignore
const laid = { choice: 'a', run: 'r', seed: 1, task: 't', epoch: [1], step: [4], seconds: [0.5], y: [0.1] };
const overlayCurves: Field = [[[], [laid, { ...laid, seed: null, y: [null] }]], [undefined, null, {}, [{}], ...['epoch', 'step', 'seconds'].map((name) => [{ ...laid, [name]: [null] }]), ...['choice', 'run', 'task'].map((name) => [{ ...laid, [name]: 1 }]), [{ ...laid, seed: '1' }], [{ ...laid, y: ['NaN'] }]]]; // prettier-ignore
const found = { state: 'ok', title: 'a', detail: 'b', action: null };
const findings: Field = [[null, [], [found, { ...found, state: 'problem', action: 'install' }]], [undefined, 'a', {}, [{}], [{ ...found, state: 'bad' }], [{ ...found, action: 'exec' }], [{ ...found, action: undefined }], [{ ...found, title: 1 }], [{ ...found, detail: null }]]]; // prettier-ignore
const whole: Field = [
  [0, 3],
  [undefined, null, -1, 0.5, '1'],
];

const tables: readonly (readonly [
  (message: unknown) => unknown,
  Readonly<Record<string, Readonly<Record<string, Field>>>>,
])[] = [
  [
    parseLossesToPage,
    {
      hydrate: { locale, run: aRunOrNull, history: aHistory },
      records: { run: text, records },
      state: { run: aRun },
      overlays: { run: text, choices: overlayChoices },
      overlay: {
        ...{ run: text, series: oneOf('validation', 'train'), choices: texts, curves: overlayCurves },
        ...{ missing: texts, left: whole },
      },
    },
  ],
  [
    parseLossesToHost,
    {
      ...{ ready: {}, stop: { run: text }, pause: { run: text }, resume: { run: text } },
      ...{ resumeFromCheckpoint: { run: text }, openLog: { run: text }, proposeGroups: { run: text } },
      overlay: { run: text, series: oneOf('validation', 'train'), choices: texts },
      ...{ export: { format: oneOf('csv', 'png', 'svg'), name: text, base64: file }, error: { message: text } },
    },
  ],
  [
    parseDiagramToPage,
    {
      hydrate: { locale, diagram: aDiagram, problem: textOrNull, name: text },
      ...{ highlight: { node: textOrNull }, losses: { losses: pairs } },
      ledger: { ledger: aLedger, problem: textOrNull },
    },
  ],
  [
    parseDiagramToHost,
    {
      ...{ ready: {}, reveal: { pointer: text }, copy: { text }, error: { message: text } },
      ...{ ledger: { open: flag }, split: { task: text } },
      save: { format: oneOf('svg', 'png'), name: text, base64: file },
    },
  ],
  [
    parseExperimentToPage,
    {
      hydrate: { locale, name: text, comparison: aComparisonOrNull, progress: aProgressOrNull, problem: textOrNull },
      ...{
        comparison: { comparison: aComparison },
        progress: { progress: aProgress },
        problem: { problem: textOrNull },
      },
      curves: { task: text, series: oneOf('metric', 'validation', 'train'), arms: texts, curves, missing: texts },
      surface: { surface: aSurface },
      networks: { first: text, second: text, network: aNetwork, problem: textOrNull },
    },
  ],
  [
    parseExperimentToHost,
    {
      ...{ ready: {}, pause: {}, resume: {}, stop: {}, look: {}, baseline: { arm: text }, showRun: { run: text } },
      curves: { task: text, series: oneOf('metric', 'validation', 'train'), arms: texts },
      ...{ addArm: { weights: numbered }, networks: { first: text, second: text } },
      error: { message: text },
    },
  ],
  [parseDoctorToPage, { hydrate: { locale, findings } }],
  [
    parseDoctorToHost,
    {
      ...{ ready: {}, again: {}, copy: {}, error: { message: text } },
      act: { action: oneOf('install', 'python', 'engine', 'trust', 'log') },
    },
  ],
];

test('a message is taken as it is with any good value of a field, and not with a bad one', () => {
  for (const [parse, types] of tables) {
    for (const [type, fields] of Object.entries(types)) {
      const message: Record<string, unknown> = { type };
      for (const [name, [good]] of Object.entries(fields)) message[name] = good[0];
      assert.equal(parse(message), message, type);
      for (const [name, [good, bad]] of Object.entries(fields)) {
        for (const value of good) assert.ok(parse({ ...message, [name]: value }), `${type}.${name}`);
        bad.forEach((value, at) =>
          assert.equal(parse({ ...message, [name]: value }), undefined, `${type}.${name}, ${String(at)}`),
        );
      }
    }
  }
});

test('a message of another page or direction is none', () => {
  const own = tables.map(([, types]) => new Set(Object.keys(types)));
  assert.equal(parseLossesToHost({ type: 'save', format: 'svg', name: 'a', base64: '' }), undefined);
  assert.equal(parseDiagramToHost({ type: 'export', format: 'svg', name: 'a', base64: '' }), undefined);
  for (const [at, [parse]] of tables.entries()) {
    const others = own.flatMap((types, other) => (other === at ? [] : [...types]));
    for (const type of others.filter((name) => !own[at]?.has(name))) assert.equal(parse({ type }), undefined, type);
  }
});
