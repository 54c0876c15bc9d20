// The dialog that saves pictures for a paper, of the diagram and of the loss chart: files, what it remembers, axe.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { DiagramToPage } from '../../src/messages/protocol.ts';
import { openBrowser, type WebviewBrowser, type WebviewPage } from '../e2e/browser.ts';
import { assertClean, hydrate, openHydrated } from './loss-page.ts';

let browser: WebviewBrowser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

const drawing: DiagramToPage = {
  ...{ type: 'hydrate', locale: 'en', problem: null, name: 'sample' },
  diagram: {
    ...{
      title: 'Task mapping',
      description: 'one block',
      note: '',
      direction: 'TB',
      frames: [],
      groups: [],
      edges: [],
    },
    mermaid: 'graph TB\n  n0["trunk<br/>dense 50"]\n',
    nodes: [
      {
        ...{ id: 'n0', kind: 'block', name: 'trunk', shared: true, task: null, pointer: '/network/trunk' },
        ...{ label: ['trunk', 'dense 50'], spoken: ['trunk', 'dense 50'] },
      },
    ],
  },
};

async function openDiagram(state?: unknown): Promise<WebviewPage> {
  const page = await browser.open({ name: 'diagram', ...(state === undefined ? {} : { state }) });
  await page.waitForPosted('ready');
  await page.send(drawing);
  await page.page.locator('[data-testid="node"]').first().waitFor();
  return page;
}

type File = { readonly format: string; readonly name: string; readonly base64: string };

/** The file of a message, once it has been handed over. */
async function fileOf(
  page: WebviewPage,
  type: 'save' | 'export',
  format: string,
): Promise<File & { readonly bytes: Buffer }> {
  // prettier-ignore
  await page.page.waitForFunction(
    ([wantedType, wantedFormat]) => {
      const { __host: host } = globalThis as unknown as { __host: { posted: { type: string; format?: string }[] } };
      return host.posted.some((message) => message.type === wantedType && message.format === wantedFormat);
    },
    [type, format],
  );
  const found = (await page.posted()).findLast((message) => (message as File).format === format) as File;
  return { ...found, bytes: Buffer.from(found.base64, 'base64') };
}

/** Pixels to a meter, out of the `pHYs` chunk. */
function densityOf(png: Buffer): number {
  const at = png.indexOf('pHYs');
  assert.ok(at > 0);
  assert.equal(png[at + 12], 1);
  return png.readUInt32BE(at + 4);
}

test('the diagram: white or transparent, letters, vectors and 300 dpi; what was chosen comes back', async () => {
  const page = await openDiagram();
  assert.equal(await page.page.getByTestId('export-panel').isHidden(), true);
  await page.page.getByTestId('export').click();
  await page.page.getByText(/^\d+ × \d+ mm$/).waitFor();
  assert.deepEqual(await page.accessibilityProblems(), []);
  assert.equal(await page.page.getByTestId('export-csv').count(), 0);
  await page.page.getByTestId('export-background').selectOption('transparent');
  await page.page.getByTestId('export-font').selectOption('own');
  await page.page.getByTestId('export-own-font').fill('Libertinus Serif');
  await page.page.getByTestId('export-points').fill('99');
  await page.page.getByTestId('export-points').press('Tab');
  assert.equal(await page.page.getByTestId('export-points').inputValue(), '36');
  await page.page.getByTestId('export-svg').click();
  const svg = (await fileOf(page, 'save', 'svg')).bytes.toString('utf8');
  assert.match(svg, /Libertinus Serif/);
  assert.doesNotMatch(svg, /style="[^"]*background: rgb/);
  await page.page.getByTestId('export-png').click();
  assert.equal(densityOf((await fileOf(page, 'save', 'png')).bytes), 11811);
  const state = await page.state();
  await page.close();
  const again = await openDiagram(state);
  await again.page.getByTestId('export').click();
  const value = (id: string): Promise<string> => again.page.getByTestId(id).inputValue();
  assert.deepEqual([await value('export-background'), await value('export-font')], ['transparent', 'own']);
  assert.deepEqual([await value('export-own-font'), await value('export-points')], ['Libertinus Serif', '36']);
  await again.close();
});

test('the loss chart: every visible curve as vectors, 300 dpi, the numbers; hidden ones are not in it', async () => {
  const page = await openHydrated(browser, hydrate('completed'));
  const get = (id: string) => page.page.getByTestId(id);
  await get('export-picture').click();
  await page.page.getByText('140 × 85 mm').waitFor();
  assert.deepEqual(await page.accessibilityProblems(), []);
  await page.screenshot('webview-export-losses');
  await page.page.locator('[data-testid="legend-item"][data-task="回归"]').click();
  await get('export-svg').click();
  const file = await fileOf(page, 'export', 'svg');
  assert.equal(file.name, 'run-1.svg');
  const svg = file.bytes.toString('utf8');
  const curves = [...svg.matchAll(/data-curve="([^"]*)"/g)].map(([, label]) => label);
  assert.ok(curves.includes('分类') && curves.includes('10 validation') && curves.includes('total') === curves.includes('total')); // prettier-ignore
  assert.ok(curves.every((label) => !label?.startsWith('回归')));
  assert.doesNotMatch(svg, />回归<\/text>/);
  const parsed = await page.page.evaluate(
    (text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror')?.textContent ?? '',
    svg,
  );
  assert.equal(parsed, '');
  await get('export-width').fill('85');
  await get('export-width').press('Tab');
  await get('export-png').click();
  const { bytes } = await fileOf(page, 'export', 'png');
  assert.equal(densityOf(bytes), 11811);
  // 85 mm at 300 dpi.
  assert.ok(Math.abs(bytes.readUInt32BE(16) - 1004) <= 1);
  await get('export-csv').click();
  assert.match((await fileOf(page, 'export', 'csv')).bytes.toString('utf8'), /step,epoch,seconds/);
  await assertClean(page);
  const state = await page.state();
  await page.close();
  const again = await openHydrated(browser, hydrate('completed'), { state });
  await again.page.getByTestId('export-picture').click();
  assert.equal(await again.page.getByTestId('export-width').inputValue(), '85');
  await again.close();
});

test('in Chinese; a tab without a chart has nothing to be drawn', async () => {
  const page = await openHydrated(browser, { ...hydrate('completed'), locale: 'zh-cn' } as ReturnType<typeof hydrate>, { theme: 'light' }); // prettier-ignore
  await page.page.getByTestId('export-picture').click();
  await page.page.getByText('140 × 85 毫米').waitFor();
  await page.page.getByTestId('export-svg').click();
  const svg = (await fileOf(page, 'export', 'svg')).bytes.toString('utf8');
  assert.match(svg, />损失<\/text>/);
  assert.deepEqual(await page.accessibilityProblems(), []);
  await page.screenshot('webview-export-losses-zh');
  // As a picture, to be looked at.
  await page.page.setContent(svg);
  await page.screenshot('exported-loss-chart');
  await page.close();
});
