import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LossHistory } from '../../../src/messages/history.ts';
import { pack } from '../../../src/messages/snapshot.ts';
import {
  parseDiagramToHost,
  parseDiagramToPage,
  parseLossesToHost,
  parseLossesToPage,
} from '../../../src/messages/protocol.ts';

test('takes what the protocol knows', () => {
  const run = { id: 'r', name: 'n', state: 'running', weights: [] };
  for (const message of [
    { type: 'hydrate', locale: 'en', run: null, history: null },
    { type: 'hydrate', locale: 'zh-cn', run, history: pack(new LossHistory().snapshot()) },
    { type: 'records', run: 'r', records: [] },
    { type: 'state', run },
  ]) {
    assert.equal(parseLossesToPage(message), message);
  }
  for (const type of ['stop', 'pause', 'resume', 'resumeFromCheckpoint', 'openLog']) {
    assert.ok(parseLossesToHost({ type, run: 'r' }));
    assert.equal(parseLossesToHost({ type }), undefined);
  }
  assert.ok(parseDiagramToHost({ type: 'reveal', pointer: '/a' }));
  assert.ok(parseDiagramToHost({ type: 'save', format: 'png', name: 'a', base64: '' }));
  assert.equal(parseDiagramToHost({ type: 'save', format: 'exe', name: 'a', base64: '' }), undefined);
  assert.ok(parseDiagramToPage({ type: 'highlight', node: null }));
  assert.equal(parseDiagramToPage({ type: 'highlight', node: 3 }), undefined);
});

test('refuses everything else without throwing', () => {
  const parsers = [parseLossesToPage, parseLossesToHost, parseDiagramToPage, parseDiagramToHost];
  fc.assert(
    fc.property(fc.anything(), (message) => {
      for (const parse of parsers) assert.equal(parse(message), undefined);
    }),
  );
  for (const parse of parsers) {
    assert.equal(parse({ type: 'constructor' }), undefined);
    assert.equal(parse({ type: '__proto__' }), undefined);
  }
});
