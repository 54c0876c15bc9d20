// The picture of a difference in its page: told apart by sign and dash, headline and way back, the list of lines, axe.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { differenceOf, makePlan } from '../../src/plan/index.ts';
import type { ColumnFacts, Diagram, Plan } from '../../src/plan/plan.ts';
import { readSpec } from '../../src/spec/index.ts';
import { openBrowser, type WebviewBrowser, type WebviewPage } from '../e2e/browser.ts';

const article = readFileSync(fileURLToPath(new URL('../../examples/digits/article.mtl.json', import.meta.url)), 'utf8');
const column = (shape: readonly number[]): ColumnFacts => ({ shape, dtype: 'float32' });
const facts = {
  columns: new Map([
    ['images', column([28, 28])],
    ['label', column([])],
    ['edge_box', column([4])],
    ['box', column([4])],
  ]),
  inputShapes: new Map([['image', [28, 28, 1]]]),
};

function planOf(text: string): Plan {
  const { spec, tree } = readSpec(text);
  assert.ok(spec);
  const { plan } = makePlan(spec, tree, facts);
  assert.ok(plan);
  return plan;
}

/** A wider layer, another loss and weight, and a task under another name. */
const changed = article
  .replace('"units": 50', '"units": 64')
  .replace('"loss": "iou"', '"loss": "giou"')
  .replace('"回归": 0.3', '"回归": 0.4')
  .replaceAll('"分类":', '"类别":');

const drawn = (locale: 'en' | 'zh-cn', other = changed): Diagram =>
  differenceOf(
    { name: 'article.mtl.json', plan: planOf(article) },
    { name: 'before.mtl.json', plan: planOf(other) },
    locale,
    { alike: { opened: new Set() } },
  );

let browser: WebviewBrowser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

async function openDrawn(locale: 'en' | 'zh-cn', diagram = drawn(locale)): Promise<WebviewPage> {
  const page = await browser.open({ name: 'diagram' });
  await page.waitForPosted('ready');
  await page.send({ type: 'hydrate', locale, diagram, problem: null, name: 'article' });
  await page.page.locator('[data-testid="diagram"] svg [data-testid="node"]').first().waitFor();
  return page;
}

async function assertClean(page: WebviewPage): Promise<void> {
  assert.deepEqual(page.errors, []);
  assert.deepEqual(await page.violations(), []);
  assert.deepEqual(await page.accessibilityProblems(), []);
}

test('nodes and edges say whose they are, by dash and width too, beside a legend', async () => {
  const page = await openDrawn('en');
  const diagram = drawn('en');
  const handles = page.page.locator('[data-testid="node"]');
  assert.equal(await handles.count(), diagram.nodes.length);
  assert.equal(await page.page.getByTestId('edge').count(), diagram.edges.length);
  for (const change of ['added', 'removed', 'changed'] as const) {
    const nodes = page.page.locator(`[data-testid="node"][data-change="${change}"]`);
    assert.equal(await nodes.count(), diagram.nodes.filter((node) => node.change === change).length);
    const edges = page.page.locator(`[data-testid="edge"][data-change="${change}"]`);
    assert.equal(await edges.count(), diagram.edges.filter((edge) => edge.change === change).length);
    assert.equal(await page.page.locator(`[data-testid="difference-legend"][data-change="${change}"]`).count(), 1);
  }
  const labels = await page.page.locator('.edgeLabel, [data-testid="difference-legend"]').allTextContents();
  assert.ok(labels.every((label) => !label.includes('&#')) && labels.some((label) => label.startsWith('+')));
  const dashOf = (change: string): Promise<string> =>
    page.page
      .locator(`[data-testid="edge"][data-change="${change}"]`)
      .first()
      .evaluate((path) => getComputedStyle(path).strokeDasharray);
  const dashes = [await dashOf('added'), await dashOf('removed'), await dashOf('changed')];
  assert.equal(new Set(dashes).size, 3, dashes.join(' | '));
  const removed = page.page.locator('[data-testid="node"][data-kind="task"][data-change="removed"]');
  assert.match((await removed.getAttribute('aria-label')) ?? '', /only in the second/);
  await page.screenshot('webview-difference-dark');
  await assertClean(page);
  await page.close();
});

test('a headline, counts, the lines of the specs, and the way back; no ledger of two', async () => {
  const page = await openDrawn('en');
  assert.equal(await page.page.getByTestId('difference-headline').textContent(), 'article.mtl.json against before.mtl.json'); // prettier-ignore
  assert.match((await page.page.getByTestId('difference-counts').textContent()) ?? '', /^\+ \d+ · − \d+ · ≠ \d+ · alike \d+$/); // prettier-ignore
  assert.equal(await page.page.getByTestId('view-ledger').isHidden(), true);
  await page.page.locator('[data-testid="difference-list"] summary').click();
  const rows = page.page.locator('[data-testid="difference-lines"] tbody tr');
  assert.equal(await rows.count(), drawn('en').difference?.lines.length);
  const weight = page.page.locator('tr[data-pointer="/weights/回归"]');
  assert.equal(await weight.textContent(), '≠/weights/回归0.40.3');
  await page.screenshot('webview-difference-list');
  await assertClean(page);
  await page.page.getByTestId('difference-back').click();
  await page.waitForPosted('endComparison');
  await page.page.getByTestId('compare').click();
  await page.waitForPosted('compare');
  await page.close();
});

test('a removed node leads to no text; one of the spec does', async () => {
  const page = await openDrawn('en');
  const tasks = page.page.locator('[data-testid="node"][data-kind="task"]');
  assert.equal(await tasks.and(page.page.locator('[data-change="removed"]')).getAttribute('role'), 'img');
  await tasks.and(page.page.locator('[data-change="added"]')).click();
  assert.deepEqual(await page.waitForPosted('reveal'), { type: 'reveal', pointer: '/tasks/分类' });
  await page.close();
});

test('two that are alike: said so, without a legend', async () => {
  const page = await openDrawn('en', drawn('en', article));
  assert.equal(await page.page.getByTestId('difference-counts').textContent(), 'In the picture nothing differs.');
  assert.equal(await page.page.getByTestId('difference-legend').count(), 0);
  assert.equal(await page.page.locator('[data-testid="difference-list"] summary').textContent(), 'The two specs say the same.'); // prettier-ignore
  await assertClean(page);
  await page.close();
});

for (const theme of ['light', 'high-contrast'] as const) {
  test(`in Chinese, ${theme}`, async () => {
    const page = await openDrawn('zh-cn');
    await page.setTheme(theme);
    await page.page.waitForTimeout(400);
    assert.equal(await page.page.getByTestId('difference-headline').textContent(), 'article.mtl.json 与 before.mtl.json 对比'); // prettier-ignore
    await page.screenshot(`webview-difference-zh-${theme}`);
    await assertClean(page);
    await page.close();
  });
}
