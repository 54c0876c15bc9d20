import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MergedNetwork } from '../../src/experiment/networks/merge.ts';
import { openBrowser, type WebviewBrowser } from '../e2e/browser.ts';
import { assertClean, openComparison, tab, text } from './comparison-page.ts';

let browser: WebviewBrowser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const network: MergedNetwork = {
  nodes: [
    { key: 'input:x', kind: 'input', name: 'x', side: 'both', first: ['x'], second: ['x'], rank: 0 },
    { key: 'block:trunk', kind: 'block', name: 'trunk', side: 'changed', first: ['trunk', 'dense 8'], second: ['trunk', 'dense 4'], rank: 1 }, // prettier-ignore
    { key: 'block:own', kind: 'block', name: '<b>', side: 'second', first: [], second: ['<b>', 'dense 2'], rank: 2 },
    { key: 'total:total', kind: 'total', name: 'total', side: 'both', first: ['total'], second: ['total'], rank: 3 },
  ],
  edges: [
    { from: 'input:x', to: 'block:trunk', side: 'both', first: '', second: '' },
    { from: 'block:trunk', to: 'total:total', side: 'first', first: '× 1', second: '' },
    { from: 'block:own', to: 'total:total', side: 'second', first: '', second: '× 1' },
  ],
};

test('two networks in one picture, asked for once, with every part in a table', async () => {
  const page = await openComparison(browser);
  await tab(page, 'differences');
  const asked = await page.waitForPosted('networks');
  assert.deepEqual(asked, { type: 'networks', first: 'joint', second: 'wide' });
  await page.send({ type: 'networks', first: 'joint', second: 'uncertainty', network: null, problem: 'Of others.' });
  await page.send({ type: 'networks', first: 'joint', second: 'wide', network, problem: null });
  await page.page.getByTestId('network-picture').waitFor();
  assert.match(await text(page, 'network-sentence'), /0 are only in the first, 1 only in the second, 1 in both but changed, 2 the same/); // prettier-ignore
  assert.equal(await page.page.getByTestId('network-node').count(), 4);
  assert.equal(await page.page.locator('[data-testid="network-edge"][data-side="second"]').count(), 1);
  const rows = page.page.getByTestId('network-row');
  assert.equal(await rows.count(), 7);
  assert.equal(await rows.first().getAttribute('data-side'), 'first');
  assert.deepEqual(await page.accessibilityProblems(), []);
  await page.screenshot('webview-networks');
  await page.page.getByTestId('second').selectOption('uncertainty');
  await page.send({ type: 'networks', first: 'joint', second: 'uncertainty', network: null, problem: 'Not begun.' });
  await page.page.getByText('Not begun.').waitFor();
  assert.equal(await page.page.getByTestId('network-picture').count(), 0);
  const questions = (await page.posted()).filter((message) => (message as { type: string }).type === 'networks');
  assert.equal(questions.length, 2);
  await assertClean(page);
  await page.close();
});
