import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conflictRemark } from '../../../../src/editor/weights/conflicts.ts';
import { strategyEdit } from '../../../../src/editor/weights/strategy-text.ts';
import { GradientHistory } from '../../../../src/messages/gradients.ts';
import { applyEdits } from '../../../../src/spec/index.ts';

const tasks = ['a', 'b', 'c'];
const spec = `{
  "tasks": { "a": {}, "b": {}, "c": {} },
  // shares
  "weights": { "a": 1, "b": 2 } // of the total
}`;

/** `conflicting` of `records` with a cosine of −0.5 between a and b, the others 0.5. */
function measured(records: number, conflicting: number): GradientHistory {
  const history = new GradientHistory(tasks);
  for (let seq = 0; seq < records; seq++) {
    const ab = seq < conflicting ? -0.5 : 0.5;
    const cosines = [
      [1, ab, 0.5],
      [ab, 1, 0.5],
      [0.5, 0.5, 1],
    ];
    const moment = { seq, epoch: 0, seconds: 0 };
    history.append({ kind: 'gradients', step: seq + 1, tasks, norms: [1, 1, 1], cosines }, moment);
  }
  return history;
}

test('says what was measured, with its numbers, on the key that it is about', () => {
  const remark = conflictRemark(spec, 'static', measured(20, 8));
  assert.ok(remark);
  assert.equal(remark.severity, 'information');
  assert.match(remark.message.en, /"a" and "b".* 40 % .*\(8 of 20; mean cosine 0\.10\)/);
  assert.match(remark.message.zh, /“a”与“b”.* 40 % .*8 \/ 20/);
  assert.equal(spec.slice(remark.range.start, remark.range.end), '"weights"');
  assert.deepEqual([remark.code, remark.pointer], ['tasks-conflict', '/strategy']);
  const [first] = remark.fixes;
  if (first) assert.match(first.title.en, /3 backward passes a step/);
});

test('says nothing on few records, few conflicts, a strategy that combines gradients, or tasks that are gone', () => {
  assert.equal(conflictRemark(spec, 'static', measured(9, 9)), undefined);
  assert.equal(conflictRemark(spec, 'static', measured(20, 6)), undefined);
  assert.ok(conflictRemark(spec, 'static', measured(20, 7)));
  assert.equal(conflictRemark(spec, 'pcgrad', measured(20, 20)), undefined);
  assert.equal(conflictRemark('{ "tasks": { "a": {}, "x": {} } }', 'static', measured(20, 20)), undefined);
  assert.equal(conflictRemark('[', 'static', measured(20, 20)), undefined);
});

test('an edit of the strategy keeps comments, and what is observed', () => {
  assert.equal(
    applyEdits(spec, strategyEdit(spec, 'pcgrad', { prescale: true })),
    spec.replace('"b": 2 }', '"b": 2 },\n  "strategy": { "name": "pcgrad", "prescale": true }'),
  );
  const named = '{ "strategy": "static", /* why */ "tasks": {} }';
  assert.equal(applyEdits(named, strategyEdit(named, 'cagrad')), named.replace('static', 'cagrad'));
  const long = '{ "strategy": { "name": "dwa", "temperature": 3, "observe": ["mgda"] } }';
  assert.equal(
    applyEdits(long, strategyEdit(long, 'cagrad')),
    '{ "strategy": { "name": "cagrad", "observe": ["mgda"] } }',
  );
  assert.deepEqual(strategyEdit('[]', 'cagrad'), []);
});

test('weights that differ mean something to what is tried: where it has no place for them, losses are multiplied first', () => {
  const triedOn = (text: string): Readonly<Record<string, string>> =>
    Object.fromEntries(
      (conflictRemark(text, 'static', measured(20, 20))?.fixes ?? []).map((fix) => {
        const [, name = ''] = /^Try (\S+):/.exec(fix.title.en) ?? [];
        return [name, applyEdits(text, fix.edits)] as const;
      }),
    );
  const unequal = triedOn(spec);
  assert.deepEqual(Object.keys(unequal), ['pcgrad', 'cagrad', 'upgrad']);
  assert.match(unequal['pcgrad'] ?? '', /"strategy": \{ "name": "pcgrad", "prescale": true \}/);
  assert.match(unequal['cagrad'] ?? '', /"strategy": "cagrad"/);
  assert.match(unequal['upgrad'] ?? '', /"strategy": "upgrad"/);
  const equal = triedOn(spec.replace('"b": 2', '"b": 1'));
  assert.match(equal['pcgrad'] ?? '', /"strategy": "pcgrad"/);
});

test('the worst pair is named, the others are counted; ten records are enough', () => {
  /** Every pair of `conflicting` records below 0, out of `records`. */
  const history = (records: number, ab: number, bc: number, ac = 0): GradientHistory => {
    const made = new GradientHistory(tasks);
    for (let seq = 0; seq < records; seq++) {
      const [x, y, z] = [ab, bc, ac].map((count) => (seq < count ? -0.25 : 0.25)) as [number, number, number];
      const cosines = [[1, x, z], [x, 1, y], [z, y, 1]]; // prettier-ignore
      made.append(
        { kind: 'gradients', step: seq + 1, tasks, norms: [1, 1, 1], cosines },
        { seq, epoch: 0, seconds: 0 },
      );
    }
    return made;
  };
  const said = (gradients: GradientHistory): readonly string[] => {
    const message = conflictRemark(spec, 'static', gradients)?.message;
    return [message?.en ?? '', message?.zh ?? ''];
  };
  const [alone, alonZh] = said(history(10, 4, 0));
  assert.match(alone ?? '', /"a" and "b" .* 40 % .*\(4 of 10; mean cosine 0\.05\)\. These/);
  assert.match(alonZh ?? '', /“a”与“b”.* 40 % .*这是原始梯度/);
  assert.doesNotMatch(alonZh ?? '', /另有/);
  const [one, oneZh] = said(history(10, 4, 6));
  assert.match(one ?? '', /"b" and "c" .* 60 % .*mean cosine −0\.05\)\. So do 1 more pair\. These/);
  assert.match(oneZh ?? '', /另有 1 对任务同样如此。/);
  assert.match(said(history(10, 4, 6, 10))[0] ?? '', /"a" and "c" .* 100 % .*So do 2 more pairs\./);
});

test('where there is neither weights nor tasks, a strategy stands at the end, or in the empty braces', () => {
  const edited = (text: string): string => applyEdits(text, strategyEdit(text, 'cagrad'));
  assert.equal(edited('{}'), '{ "strategy": "cagrad" }');
  assert.equal(
    edited('{\n  "name": "x",\n  "data": {}\n}'),
    '{\n  "name": "x",\n  "data": {},\n  "strategy": "cagrad"\n}',
  );
  assert.equal(edited('{ "name": "x", "seed": 1 }'), '{ "name": "x", "seed": 1, "strategy": "cagrad" }');
  assert.equal(edited('{ "tasks": {}, "name": "x" }'), '{ "tasks": {}, "strategy": "cagrad", "name": "x" }');
  assert.equal(edited('{\r\n\t"tasks": {}\r\n}'), '{\r\n\t"tasks": {},\r\n\t"strategy": "cagrad"\r\n}');
  assert.deepEqual(strategyEdit('{ "strategy": ', 'cagrad'), []);
});
