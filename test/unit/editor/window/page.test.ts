import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentSecurityPolicy, escapeHtml, pageHtml } from '../../../../src/editor/window/page.ts';

const parts = {
  source: 'https://host.test',
  script: 'https://host.test/x.js',
  style: 'https://host.test/x.css',
  nonce: 'abc',
  language: 'en',
  title: 'Title',
};

test('nothing is allowed but our script and style; inline styles and pictures in the diagram alone', () => {
  const losses = contentSecurityPolicy({ ...parts, page: 'losses' });
  const diagram = contentSecurityPolicy({ ...parts, page: 'diagram' });
  for (const policy of [losses, diagram]) {
    assert.ok(policy.startsWith(`default-src 'none'; base-uri 'none'; form-action 'none'; script-src 'nonce-abc';`));
    assert.equal(policy.includes('unsafe-eval'), false);
    assert.equal(policy.includes('connect-src'), false);
  }
  assert.equal(losses.includes('unsafe-inline'), false);
  assert.match(losses, /; img-src blob:$/);
  assert.match(diagram, /style-src https:\/\/host\.test 'unsafe-inline'/);
  assert.match(diagram, /img-src data: blob:/);
  for (const policy of [losses, diagram]) assert.match(policy, /font-src https:\/\/host\.test(;|$)/);
});

test('a page of a document says of which; one of none says nothing', () => {
  const html = pageHtml({ ...parts, page: 'losses', document: 'file:///a.mtl.json' });
  assert.match(html, /<body data-document="file:\/\/\/a\.mtl\.json">/);
  assert.match(pageHtml({ ...parts, page: 'losses' }), /<body>/);
});

test('what goes into the page is escaped', () => {
  const html = pageHtml({ ...parts, page: 'diagram', title: '<script>alert(1)</script>', document: 'file:///a"><b>' });
  assert.equal(html.includes('<script>alert'), false);
  assert.equal(html.includes('"><b>'), false);
  assert.equal(html.match(/<script/g)?.length, 1);
  assert.equal(escapeHtml(`<&>"'`), '&lt;&amp;&gt;&quot;&#39;');
});
