/** What a run does before its first step, in words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phaseText } from '../../../src/common/phase.ts';

test('a phase has words in both languages; one of another version stays as it is', () => {
  assert.deepEqual(phaseText('read'), { en: 'reading the data', zh: '读取数据' });
  for (const phase of ['compare', 'engine', 'read', 'prepare', 'model']) {
    assert.match(phaseText(phase).en, /^[a-z]+ing [a-z ]+$/, phase);
    assert.match(phaseText(phase).zh, /^\p{Script=Han}+$/u, phase);
  }
  for (const phase of ['later', 'toString', '']) assert.deepEqual(phaseText(phase), { en: phase, zh: phase });
});
