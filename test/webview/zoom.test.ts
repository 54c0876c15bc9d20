// A long chart zoomed and moved along, with the mouse, the wheel and the keys: more is drawn of less.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, type WebviewBrowser, type WebviewPage } from '../e2e/browser.ts';
import { assertClean, hydrate, openHydrated, startRecord, stepRecord } from './loss-page.ts';

let browser: WebviewBrowser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const steps = 20_000;
const open = (): Promise<WebviewPage> =>
  openHydrated(
    browser,
    hydrate('completed', [startRecord(0), ...Array.from({ length: steps }, (_, at) => stepRecord(at + 1, at + 1))]),
  );

const plot = (page: WebviewPage) => page.page.locator('[data-testid="loss-panel"] .plot').first();
/** Waits until what is shown is another part, and gives that; null: everything. */
async function next(page: WebviewPage, before: string): Promise<readonly [number, number] | null> {
  await page.page.waitForFunction(
    (last) => document.querySelector<HTMLElement>('.plot')?.dataset['zoom'] !== last,
    before,
  );
  const zoom = (await plot(page).getAttribute('data-zoom')) ?? '';
  const [from = NaN, to = NaN] = zoom.split(' ').map(Number);
  return zoom === '' ? null : [from, to];
}
const shown = async (page: WebviewPage): Promise<string> => (await plot(page).getAttribute('data-zoom')) ?? '';
/** Runs what changes the zoom. */
async function changed(page: WebviewPage, act: () => Promise<unknown>): Promise<readonly [number, number] | null> {
  const before = await shown(page);
  await act();
  return next(page, before);
}
async function middle(page: WebviewPage): Promise<{ x: number; y: number; width: number }> {
  const box = await page.page.locator('.u-over').first().boundingBox();
  assert.ok(box);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, width: box.width };
}
/** How many places the cursor has. */
const places = async (page: WebviewPage): Promise<number> => Number(await plot(page).getAttribute('aria-valuemax'));

test('dragging zooms in and draws what was thinned away; Shift moves along; a double click shows everything', async () => {
  const page = await open();
  const { mouse, keyboard } = page.page;
  const { x, y, width } = await middle(page);
  const all = await places(page);
  const drag = async (from: number, to: number): Promise<void> => {
    await mouse.move(from, y);
    await mouse.down();
    await mouse.move((from + to) / 2, y);
    await mouse.move(to, y);
    await mouse.up();
  };
  const zoom = await changed(page, () => drag(x, x + width / 20));
  assert.ok(zoom);
  const part = zoom[1] - zoom[0];
  assert.ok(part > steps / 25 && part < steps / 15, String(part));
  // Every step of this part, where before one in many was drawn.
  assert.ok((await places(page)) >= part - 2, `${String(await places(page))} of ${String(part)}`);
  assert.ok(all < steps / 4);

  await keyboard.down('Shift');
  const moved = await changed(page, () => drag(x, x - width / 2));
  await keyboard.up('Shift');
  assert.ok(moved);
  assert.ok(Math.abs(moved[1] - moved[0] - part) < 1e-6 * part);
  assert.ok(Math.abs(moved[0] - zoom[0] - part / 2) < part / 50, `${String(zoom[0])} to ${String(moved[0])}`);

  assert.equal(await changed(page, () => mouse.dblclick(x, y)), null);
  await page.page.waitForFunction((most) => Number(document.querySelector('.plot')?.getAttribute('aria-valuemax')) === most, all); // prettier-ignore
  await assertClean(page);
  await page.close();
});

test('Ctrl and the wheel zoom around the pointer, Shift and the wheel move, the wheel alone does nothing', async () => {
  const page = await open();
  const { mouse, keyboard } = page.page;
  const { x, y } = await middle(page);
  await mouse.move(x, y);
  await keyboard.down('Control');
  const zoom = await changed(page, () => mouse.wheel(0, -200));
  await keyboard.up('Control');
  assert.ok(zoom);
  assert.ok(Math.abs((zoom[0] + zoom[1]) / 2 - steps / 2) < steps / 100, String(zoom));
  const before = await shown(page);
  await mouse.wheel(0, 100);
  await keyboard.down('Shift');
  const moved = await changed(page, () => mouse.wheel(0, 50));
  assert.ok(moved && moved[0] > zoom[0]);
  // To the end and not beyond.
  const last = await changed(page, () => mouse.wheel(0, 100_000));
  await keyboard.up('Shift');
  assert.equal(last?.[1], steps);
  assert.notEqual(before, '');
  await keyboard.down('Control');
  assert.equal(await changed(page, () => mouse.wheel(0, 2000)), null);
  await assertClean(page);
  await page.close();
});

test('by keyboard: the cursor takes a zoomed chart along at its edge', async () => {
  const page = await open();
  const { keyboard } = page.page;
  await plot(page).focus();
  await keyboard.press('Home');
  assert.ok(await changed(page, () => keyboard.press('+')));
  const zoom = await changed(page, () => keyboard.press('+'));
  assert.deepEqual(zoom && [zoom[0], Math.round(zoom[1])], [1, 5001]);
  await keyboard.press('End');
  const moved = await changed(page, () => keyboard.press('ArrowRight'));
  assert.ok(moved && Math.abs(moved[0] - 2501) < 2, String(moved));
  assert.match((await plot(page).getAttribute('aria-valuetext')) ?? '', /5,?00\d/);
  assert.equal(await changed(page, () => keyboard.press('Escape')), null);
  await assertClean(page);
  await page.close();
});
