import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, type WebviewBrowser, type WebviewPage } from '../e2e/browser.ts';
import { assertClean, hydrate, openComparison, tab, text } from './comparison-page.ts';
import { comparisonOf } from './comparisons.ts';
import { surfaceOfTasks } from './surfaces.ts';

let browser: WebviewBrowser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const open = (message = hydrate()): Promise<WebviewPage> => openComparison(browser, message);

test('trade-offs: a handle over the weights, predictions with intervals, the nearest runs, weights added as an arm', async () => {
  const page = await open(hydrate(comparisonOf(4, 3)));
  await tab(page, 'navigator');
  assert.match(await text(page, 'navigator-sentence'), /^No run with the strategy static has ended/);
  const surface = surfaceOfTasks(3);
  const [first, ...rest] = surface.points;
  assert.ok(first);
  await page.send({ type: 'surface', surface: { ...surface, points: [{ ...first, shares: [1, 0, 0] }, ...rest] } });
  await page.page.getByTestId('prediction').first().waitFor();
  assert.equal(await page.page.getByTestId('prediction').count(), 3);
  assert.equal(await page.page.getByTestId('share').count(), 3);
  assert.equal(await page.page.getByTestId('support').count(), 5);
  const value = async (): Promise<number> =>
    Number(await page.page.locator('[data-testid="prediction"][data-task="分类"]').getAttribute('data-value'));
  const before = await value();
  await page.page.getByTestId('handle').focus();
  for (let press = 0; press < 10; press++) await page.page.keyboard.press('Shift+ArrowUp');
  assert.ok((await value()) > before);
  assert.equal(await page.page.evaluate(() => document.activeElement?.getAttribute('data-testid')), 'handle');
  assert.match(await text(page, 'add-note'), /^These weights were run: static-frontier/);
  await page.page.locator('[data-testid="share"][data-task="回归"]').fill('0.25');
  assert.match(await text(page, 'navigator-sentence'), /2\.25 : 0\.75 : 0/);
  await page.page.getByTestId('add-arm').click();
  assert.deepEqual(await page.waitForPosted('addArm'), { type: 'addArm', weights: [['分类', 2.25], ['回归', 0.75], ['task 2', 0]] }); // prettier-ignore
  const box = await page.page.getByTestId('simplex').boundingBox();
  assert.ok(box);
  await page.page.mouse.click(box.x + box.width / 2, box.y + 2);
  assert.match(await text(page, 'navigator-sentence'), /3 : 0 : 0/);
  await page.page.getByTestId('view-table').click();
  assert.equal(await page.page.getByTestId('simplex').isHidden(), true);
  assert.deepEqual(await page.accessibilityProblems(), []);
  await assertClean(page);
  await page.close();
});

test('trade-offs of two tasks are a line, of four sliders alone; without a spec to add to nothing is added', async () => {
  const page = await open(hydrate(comparisonOf(4, 2)));
  await tab(page, 'navigator');
  await page.send({ type: 'surface', surface: { ...surfaceOfTasks(2), arm: null } });
  await page.page.getByTestId('surface-line').first().waitFor();
  assert.equal(await page.page.getByTestId('support-mark').count(), 7);
  assert.equal(await page.page.getByTestId('add-arm').getAttribute('disabled'), '');
  assert.match(await text(page, 'add-note'), /^An arm can be added only/);
  await page.send({ type: 'surface', surface: surfaceOfTasks(4, 20) });
  await page.page.locator('[data-testid="share"]').nth(3).waitFor();
  assert.equal(await page.page.getByTestId('simplex').isHidden(), true);
  await page.send({ type: 'surface', surface: surfaceOfTasks(3, 3) });
  await page.page.getByText(/^Nothing can be predicted from 3 different weightings/).waitFor();
  assert.equal(await page.page.locator('[data-testid="prediction"][data-value=""]').count(), 3);
  await assertClean(page);
  await page.close();
});
