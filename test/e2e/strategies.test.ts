// A gradient strategy in a real VS Code: what it measures in the panel, its hover, suggested weights, the native engine.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { LossPanel } from './loss-panel.ts';
import { runDirectories } from './processes.ts';
import { stepsOf } from './steps.ts';
import { copyExample, openWorkbench } from './vscode.ts';
import type { Session } from './vscode.ts';
import { eventually } from './eventually.ts';
import type { Workbench } from './workbench.ts';

const spec = 'article.mtl.json';
const tasks = ['分类', '回归', '检测'];
const strategyLine = '  "strategy": { "name": "pcgrad", "prescale": true },\n';
const epochs = process.env['MTL_E2E_EPOCHS'] ?? '6';
const runtime = process.env['MTL_TEST_RUNTIME_DIR'] ?? '';

interface Gradients {
  readonly kind: string;
  readonly step: number;
  readonly tasks: readonly string[];
  readonly cosines: readonly (readonly (number | null)[])[];
}

/** Gradients records of the newest run, read as anybody may read them. */
function recorded(folder: string): Gradients[] {
  const run = runDirectories(folder).at(-1) ?? '';
  const lines = fs.readFileSync(path.join(run, 'events.ndjson'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as Gradients).filter(({ kind }) => kind === 'gradients');
}

describe('a gradient strategy in VS Code', () => {
  let session: Session;
  let workbench: Workbench;
  let folder: string;
  let page: FrameLocator;

  const text = (): string => fs.readFileSync(path.join(folder, spec), 'utf8');
  const cell = async (testId: string, more: string): Promise<string> =>
    (await page.locator(`[data-testid="${testId}"] td${more}`).first().textContent()) ?? '';
  const step = stepsOf(() => workbench);

  before(async () => {
    folder = copyExample('digits');
    const before = text();
    const changed = before
      .replace('"epochs": 30', `"epochs": ${epochs}`)
      .replace('"seed": 42,', '"seed": 42, "affinity": 40,')
      .replace('  // As the PyTorch', () => `${strategyLine}\n  // As the PyTorch`);
    assert.ok(changed.includes(strategyLine));
    fs.writeFileSync(path.join(folder, spec), changed);
    session = await openWorkbench({ folder });
    workbench = session.workbench;
  });

  after(async () => {
    await session.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  step('hover on the strategy tells its formula, its paper, its cost, and what weights mean to it', async () => {
    await workbench.openFile(spec);
    await workbench.goToText(spec, 'pcgrad');
    // The last lens to come: the window knows by then that the folder is trusted.
    await workbench.lens('suggest…').first().waitFor();
    const said = await workbench.hover();
    assert.match(said, /g_i ← g_i −/);
    assert.match(said, /Yu et al/);
    assert.match(said, /T backward passes/);
    assert.match(said, /prescale/);
    await workbench.screenshot('hover-strategy');
    await workbench.page.keyboard.press('Escape');
  });

  step('it trains: the conflict tab shows the cosines that are in the records', async () => {
    await workbench.clickExplorerMenu(spec, 'Train multi-task model');
    const panel = await LossPanel.of(workbench);
    await panel.waitForState('completed', 400_000);
    page = await workbench.webviewWith('[data-testid="loss-panel"]');
    await page.getByTestId('tab-conflict').click();
    const records = recorded(folder);
    const last = records.at(-1);
    assert.ok(last && records.length >= 10, `${String(records.length)} records`);
    await eventually('the last record', async () => {
      return (await page.getByTestId('conflict-step').getAttribute('max')) === String(records.length - 1);
    });
    for (const [row, a] of tasks.entries()) {
      for (const [column, b] of tasks.entries()) {
        const value: number | null | undefined = last.cosines[row]?.[column];
        const shown = (await cell('conflict-matrix', `[data-task="${a}"][data-other="${b}"]`)).replace('−', '-');
        assert.equal(shown, typeof value === 'number' ? value.toFixed(3) : '', `${a} ${b}`);
      }
    }
    const cosines = records.map((record) => record.cosines[0]?.[1]).filter((value) => typeof value === 'number');
    const conflicting = cosines.filter((value) => value < 0).length;
    const pair = '[data-task="分类"][data-other="回归"]';
    assert.equal(await cell('conflict-pairs', `${pair}[data-series="records"]`), String(cosines.length));
    assert.equal(await cell('conflict-pairs', `${pair}[data-series="conflicting"]`), String(conflicting));
    await workbench.screenshot('conflict');
    await page.getByTestId('conflict-step').focus();
    await workbench.page.keyboard.press('Home');
    const first = records[0]?.cosines[0]?.[1];
    await eventually('the first record', async () => {
      return (await cell('conflict-matrix', pair)).replace('−', '-') === (first ?? NaN).toFixed(3);
    });
  });

  step('the weights tab shows effective weights, which the lenses name', async () => {
    await page.getByTestId('tab-weights').click();
    for (const task of tasks) {
      const weight = Number(await cell('weights-table', `[data-task="${task}"][data-series="effective"]`));
      assert.ok(weight > 0 && Number.isFinite(weight), `${task}: ${String(weight)}`);
    }
    const shares = await Promise.all(
      tasks.map(async (task) =>
        Number(await cell('weights-table', `[data-task="${task}"][data-series="gradient-share"]`)),
      ),
    );
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-4, shares.join(' '));
    await workbench.goToText(spec, '"weights"');
    await eventually('effective weights in the lenses', async () =>
      (await workbench.codeLenses()).some((lens) => /effective \d/.test(lens)),
    );
    await page.locator('#panel-weights canvas').waitFor();
    await workbench.screenshot('weights');
    await page.getByTestId('tab-norms').click();
    assert.ok(Number(await cell('norms-table', '[data-task="分类"][data-series="mean-norm"]')) > 0);
  });

  step('the measured affinity becomes a spec with task groups beside the old one', async () => {
    await page.getByTestId('tab-affinity').click();
    await page.getByTestId('affinity-matrix').waitFor();
    assert.match(
      await cell('affinity-matrix', '[data-task="分类"][data-other="回归"]'),
      /^−?[\d.e−]+ ± [\d.e−]+ \(\d+\)$/,
    );
    await page.getByTestId('propose-groups').click();
    await workbench.answer('2');
    await workbench.quickPickRows.filter({ hasText: 'A spec with the groups' }).first().click();
    const groups = path.join(folder, 'article.groups.mtl.json');
    await eventually('a new spec', () => fs.existsSync(groups));
    await workbench.page.locator('.tab.active[data-resource-name="article.groups.mtl.json"]').waitFor();
    assert.match(fs.readFileSync(groups, 'utf8'), /分类/);
    await workbench.screenshot('groups');
    assert.deepEqual(await workbench.squiggles(), { errors: 0, warnings: 0 });
  });

  step('suggested weights are shown with their numbers, previewed, and undone in one step', async () => {
    await workbench.openFile(spec);
    await workbench.hidePanel();
    await workbench.goToText(spec, '"weights"');
    const before = text();
    await workbench.lens('suggest…').first().click();
    await workbench.quickPickRows.filter({ hasText: 'by initial loss' }).first().waitFor({ timeout: 120_000 });
    const rows = await workbench.quickPickRows.allTextContents();
    assert.ok(rows.length >= 4, rows.join(' | '));
    assert.ok(
      rows.some((row) => /L⁰ = 2\.303/.test(row)),
      rows.join(' | '),
    );
    await workbench.screenshot('suggest');
    await workbench.answer('by initial loss');
    const apply = workbench.quickPickRows.filter({ hasText: 'Apply' }).first();
    await apply.waitFor();
    assert.match((await apply.textContent()) ?? '', /L⁰ = 2\.303/);
    await workbench.page.locator('.monaco-diff-editor .line-insert').first().waitFor();
    await workbench.screenshot('suggest-preview');
    assert.equal(text(), before);
    await apply.click();
    // 1/2.303, 1/1 and 1/0.6083, scaled to a sum of 3.
    await eventually('the new weights', async () => (await workbench.visibleText()).includes('"分类": 0.42'));
    assert.match(await workbench.visibleText(), /"检测": 1\.6 \}/);
    await workbench.focusEditor();
    await workbench.undo();
    await eventually('the old weights', async () => (await workbench.visibleText()).includes('"分类": 0.5'));
    assert.equal(text(), before);
  });

  step(
    'a click installs the native engine from a folder, and the next run says that it is in use',
    async () => {
      const source = (JSON.parse(fs.readFileSync(path.join(runtime, 'current.json'), 'utf8')) as { name: string }).name;
      await workbench.openFile(spec);
      await workbench.lens('suggest…').first().waitFor();
      await workbench.runCommand('MTL: Install native engine');
      await workbench.quickPickRows.filter({ hasText: 'From a folder' }).first().click();
      await workbench.chooseFolder(path.join(runtime, source), 'deps');
      await eventually(
        'a native engine',
        async () => (await workbench.notifications()).some((one) => one.includes('The native engine is ready')),
        300_000,
      );
      await workbench.clickExplorerMenu(spec, 'Train multi-task model');
      const panel = await LossPanel.of(workbench);
      await eventually('a run on it', async () => (await panel.attribute('data-engine')) === 'native', 300_000);
      await panel.waitForState('completed', 400_000);
      page = await workbench.webviewWith('[data-testid="loss-panel"]');
      const label = (await page.getByTestId('engine').textContent()) ?? '';
      assert.match(label, /^native · .*(captured graph|eager)/);
      await workbench.screenshot('native');
    },
    { skip: runtime === '' ? 'MTL_TEST_RUNTIME_DIR does not name an installed native engine' : false },
  );

  test('nothing outside this machine was asked for', () => {
    assert.deepEqual(workbench.outsideHosts, []);
  });
});
