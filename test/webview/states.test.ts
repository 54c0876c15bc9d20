// Every page in every state that a person can meet it in: readable for axe in three themes, drawn with the system's own
// colors alone, and still where somebody asks for less motion.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root } from '../../scripts/lib/process.mjs';
import type { PageName } from '../../src/editor/window/page.ts';
import { diagramOf, makePlan } from '../../src/plan/index.ts';
import { readSpec } from '../../src/spec/index.ts';
import { openBrowser, type WebviewBrowser, type WebviewPage } from '../e2e/browser.ts';
import { themes, type ThemeName } from '../e2e/themes.ts';
import { hydrate as comparison } from './comparison-page.ts';
import { comparisonOf, progressOf } from './comparisons.ts';
import { history, packed, run, startRecord, stepRecord } from './loss-page.ts';

interface State {
  readonly page: PageName;
  readonly name: string;
  /** What the editor says. */
  readonly told: readonly unknown[];
  /** What there is to see then; found by its `data-testid`, or as a selector. */
  readonly shows: string;
  /** What a person does, by the `data-testid` of what they click. */
  readonly clicks?: readonly string[];
  readonly width?: number;
}

const losses = (state: Parameters<typeof run>[0] | null, records = history(), problem?: string): unknown => ({
  ...{ type: 'hydrate', locale: 'en', run: state === null ? null : run(state, problem) },
  history: state === null ? null : packed(records),
});
const choices = [
  { id: 'arm:joint', kind: 'arm', name: 'joint', runs: 3 },
  { id: 'run-0', kind: 'run', name: 'sample · 1.1.', runs: 1 },
];
const panel = 'loss-panel';

const lossStates: readonly State[] = [
  { page: 'losses', name: 'no run', told: [losses(null, [])], shows: panel },
  { page: 'losses', name: 'before the first record', told: [losses('preparing', [])], shows: panel },
  {
    ...{ page: 'losses', name: 'being read', shows: panel },
    told: [losses('completed', []), { type: 'reading', run: 'run-1', fraction: 0.42 }],
  },
  { page: 'losses', name: 'running', told: [losses('running')], shows: panel },
  { page: 'losses', name: 'paused', told: [losses('paused')], shows: panel },
  {
    ...{ page: 'losses', name: 'crashed', shows: panel },
    told: [losses('crashed', history(), 'It ended with exit code 137.\nlast words of the log')],
  },
  { page: 'losses', name: 'failed at once', told: [losses('failed', [], 'no such file')], shows: panel },
  {
    ...{ page: 'losses', name: 'on a log scale, with what it cannot draw', shows: panel, clicks: ['scale-log'] },
    told: [losses('running', [startRecord(0), stepRecord(1, 1), { ...stepRecord(2, 2), losses: { 分类: 0, 回归: Number.NaN, '10': 1 } } as never])], // prettier-ignore
  },
  { page: 'losses', name: 'as a table', told: [losses('completed')], shows: 'loss-table', clicks: ['view-table'] },
  {
    ...{ page: 'losses', name: 'with other runs to overlay', shows: 'overlay-add' },
    told: [losses('running'), { type: 'overlays', run: 'run-1', choices }],
  },
  ...['weights', 'conflict', 'norms', 'affinity'].map((tab): State => ({
    ...{ page: 'losses', name: `${tab}, without statistics`, told: [losses('running')] },
    ...{ shows: panel, clicks: [`tab-${tab}`] },
  })),
  {
    ...{ page: 'losses', name: 'narrow, the legend open', told: [losses('running')] },
    ...{ shows: 'legend-item', clicks: ['legend-menu'], width: 400 },
  },
  {
    ...{ page: 'losses', name: 'narrow, the menu of the view open', told: [losses('running')] },
    ...{ shows: 'view-table', clicks: ['view-menu'], width: 400 },
  },
];

/** The picture of a sample with a mechanism round its parts. */
function sample(name: string): unknown {
  const { spec, tree } = readSpec(fs.readFileSync(path.join(root, 'examples', name), 'utf8'));
  const plan = spec && makePlan(spec, tree).plan;
  assert.ok(plan, name);
  return diagramOf(plan, 'en', { direction: 'TB' });
}
const picture = (change: object = {}): unknown => ({
  ...{ type: 'hydrate', locale: 'en', diagram: sample('penguins/penguins.mtl.json'), problem: null, name: 'penguins' },
  ...change,
});
const drawn = 'svg [data-testid="node"]';

const diagramStates: readonly State[] = [
  { page: 'diagram', name: 'a picture', told: [picture()], shows: drawn },
  { page: 'diagram', name: 'an old picture of a broken text', told: [picture({ problem: 'A comma is missing.' })], shows: drawn }, // prettier-ignore
  {
    ...{ page: 'diagram', name: 'a text that never was whole', shows: '[data-state="error"]' },
    told: [picture({ diagram: null, problem: 'A comma is missing.' })],
  },
  { page: 'diagram', name: 'the export panel', told: [picture()], shows: 'export-panel', clicks: ['export'] },
  {
    ...{ page: 'diagram', name: 'the ledger without a run', told: [picture()], shows: 'ledger' },
    clicks: ['view-ledger'],
  },
  {
    ...{ page: 'diagram', name: 'the node at the cursor', shows: drawn },
    told: [picture(), { type: 'highlight', node: 'n1' }],
  },
];

const comparisonStates: readonly State[] = [
  {
    ...{ page: 'experiment', name: 'nothing to compare', shows: 'problem' },
    told: [{ ...comparison(null), problem: 'No arm is known yet.' }],
  },
  {
    ...{ page: 'experiment', name: 'under way', shows: 'progress-text' },
    told: [comparison(comparisonOf(), progressOf('running', { held: 3 }))],
  },
  {
    ...{ page: 'experiment', name: 'ended for a reason', shows: 'why' },
    told: [comparison(comparisonOf(), progressOf('idle', { why: { en: 'No space left.', zh: '磁盘已满。' } }))],
  },
  { page: 'experiment', name: 'compared', told: [comparison()], shows: 'comparison' },
];

const found = [{ state: 'problem', title: 'Training', detail: 'No engine can train here.', action: 'log' }];
const doctorStates: readonly State[] = [
  {
    ...{ page: 'doctor', name: 'looking', shows: '[data-state="looking"]' },
    told: [{ type: 'hydrate', locale: 'en', findings: null }],
  },
  {
    ...{ page: 'doctor', name: 'a problem', shows: '[data-state="done"]' },
    told: [{ type: 'hydrate', locale: 'en', findings: found }],
  },
  {
    ...{ page: 'doctor', name: 'nothing found', shows: '[data-state="done"]' },
    told: [{ type: 'hydrate', locale: 'en', findings: [] }],
  },
];

let browser: WebviewBrowser;
before(async () => {
  browser = await openBrowser();
});
after(() => browser.close());

async function opened({ page: name, told, shows, clicks = [], width = 1000 }: State): Promise<WebviewPage> {
  const page = await browser.open({ name, viewport: { width, height: 560 } });
  await page.waitForPosted('ready');
  for (const message of told) await page.send(message);
  const { page: inside } = page;
  for (const id of clicks) await inside.getByTestId(id).first().click();
  const place = /^[a-z-]+$/.test(shows) ? inside.getByTestId(shows) : inside.locator(shows);
  await place.first().waitFor();
  return page;
}

/** Elements that move by themselves. */
const moving = (page: WebviewPage): Promise<string[]> =>
  page.page.evaluate(() => {
    const running = document
      .getAnimations()
      .map((one) => (one.effect as KeyframeEffect | null)?.target?.outerHTML ?? '?');
    const styled = [...document.querySelectorAll('*')].filter((one) => {
      const { animationName, transitionDuration } = getComputedStyle(one);
      return animationName !== 'none' || transitionDuration.split(', ').some((time) => Number.parseFloat(time) > 0);
    });
    return [...running, ...styled.map((one) => one.outerHTML.slice(0, 200))];
  });

/** Texts that have the color of what is behind them, as far as HTML says. */
const unreadable = (page: WebviewPage): Promise<string[]> =>
  page.page.evaluate(() =>
    [...document.querySelectorAll('body *')].flatMap((one) => {
      const written = [...one.childNodes].some(
        (child) => child.nodeType === 3 && (child.textContent ?? '').trim() !== '',
      );
      if (!written || one instanceof SVGElement || !one.checkVisibility()) return [];
      let behind = 'rgb(255, 255, 255)';
      for (let place: Element | null = one; place !== null; place = place.parentElement) {
        const { backgroundColor } = getComputedStyle(place);
        if (/^rgba\(.*, 0\)$|^transparent$/.test(backgroundColor)) continue;
        behind = backgroundColor;
        break;
      }
      return getComputedStyle(one).color === behind ? [one.outerHTML.slice(0, 200)] : [];
    }),
  );

for (const state of [...lossStates, ...diagramStates, ...comparisonStates, ...doctorStates]) {
  describe(`${state.page}: ${state.name}`, () => {
    let page: WebviewPage;
    before(async () => {
      page = await opened(state);
    });
    after(() => page.close());

    test('axe finds nothing, in any theme', async () => {
      for (const theme of Object.keys(themes) as ThemeName[]) {
        await page.setTheme(theme);
        assert.deepEqual(await page.accessibilityProblems(), [], `${state.name}: ${theme}`);
      }
    });

    test('with less motion nothing moves', async () => {
      await page.page.emulateMedia({ reducedMotion: 'reduce' });
      assert.deepEqual(await moving(page), []);
    });

    test('with the colors of the system alone every text can be told from what is behind it', async () => {
      await page.page.emulateMedia({ forcedColors: 'active' });
      assert.deepEqual(await unreadable(page), []);
      // The system chooses the colors here, and axe does not know which.
      const problems = (await page.accessibilityProblems()).filter((one) => !one.startsWith('color-contrast:'));
      assert.deepEqual(problems, []);
      await page.screenshot(`forced-${state.page}-${state.name.replaceAll(/\W+/g, '-')}`);
    });

    test('nothing went wrong', async () => {
      assert.deepEqual(page.errors, []);
      assert.deepEqual(await page.violations(), []);
    });
  });
}
