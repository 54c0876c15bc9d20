// A run, a weight that is changed, and a fork of the run with it, in a real VS Code; then both of them side by side.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe } from 'node:test';
import type { Locator } from 'playwright-core';
import { eventually } from './eventually.ts';
import { LossPanel } from './loss-panel.ts';
import { runDirectories } from './processes.ts';
import { stepsOf } from './steps.ts';
import { copyExample, openWorkbench } from './vscode.ts';
import type { Session } from './vscode.ts';
import type { Workbench } from './workbench.ts';

const spec = 'penguins.mtl.json';
const epochs = 8;
/** A run on a busy machine. */
const trainingMilliseconds = 400_000;

describe('a fork in VS Code', () => {
  let session: Session;
  let workbench: Workbench;
  let folder: string;
  let parent = '';
  let fork = '';

  const step = stepsOf(() => workbench);
  const runRows = (): Locator =>
    workbench.page.getByRole('tree', { name: /Runs/ }).getByRole('treeitem', { name: /completed/ });

  before(async () => {
    folder = copyExample('penguins');
    const file = path.join(folder, spec);
    const text = fs.readFileSync(file, 'utf8');
    const changed = text.replace('"epochs": 150', `"epochs": ${String(epochs)}`);
    assert.notEqual(changed, text);
    fs.writeFileSync(file, changed);
    session = await openWorkbench({ folder });
    workbench = session.workbench;
  });

  after(async () => {
    await session.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  step('a run is trained', async () => {
    await workbench.openFile(spec);
    await workbench.clickExplorerMenu(spec, 'Train multi-task model');
    const panel = await LossPanel.of(workbench);
    await panel.waitForState('completed', trainingMilliseconds);
    parent = await panel.attribute('data-run');
    assert.notEqual(parent, '');
  });

  step('a weight is changed, and the fork with it is drawn over its parent', async () => {
    await workbench.goToText(spec, '"weights"');
    await eventually('a lens to change a weight', async () => (await workbench.lens('+').count()) > 0);
    await workbench.lens('+').first().click();
    await workbench.save();
    await workbench.goTo(1);
    await eventually('a lens to fork', async () => (await workbench.lens('Fork…').count()) > 0);
    await workbench.lens('Fork…').first().click();
    const row = (text: string | RegExp): Locator => workbench.quickPickRows.filter({ hasText: text }).first();
    const begin = row('Start the fork');
    await eventually('what the fork is to change', async () => {
      // Where several checkpoints are kept, the newest is asked for first.
      if (await row(/^step \d+/).isVisible()) await row(/^step \d+/).click();
      return begin.isVisible();
    });
    assert.match((await begin.textContent()) ?? '', /\/weights\//);
    await workbench.screenshot('fork-changes');
    await begin.click();
    // The parent is through at its last checkpoint: how long is the fork to be?
    await workbench.answer(String(2 * epochs));
    const panel = await LossPanel.of(workbench);
    await eventually('the fork in the panel', async () => (await panel.attribute('data-run')) !== parent);
    fork = await panel.attribute('data-run');
    const page = await workbench.webviewWith('[data-testid="loss-panel"]');
    await eventually('the parent under it', async () => (await page.getByTestId('overlay-item').count()) === 1);
    assert.equal(await page.getByTestId('overlay-item').getAttribute('data-run'), parent);
    assert.match(
      (await page.getByTestId('overlay-note').textContent()) ?? '',
      /Forked from .* at step \d+ · \/weights\//,
    );
    await panel.waitForState('completed', trainingMilliseconds);
    await workbench.screenshot('fork');
    assert.equal(runDirectories(folder).length, 2);
  });

  step('a click on a run shows it, also where the panel is closed', async () => {
    await workbench.hidePanel();
    await workbench.runCommand('Focus on Runs View');
    await eventually('both runs in the tree', async () => (await runRows().count()) === 2);
    await runRows().nth(1).click();
    await workbench.page.locator('.part.panel').waitFor({ state: 'visible' });
    const panel = await LossPanel.of(workbench);
    await eventually('the parent', async () => (await panel.attribute('data-run')) === parent);
    // The same one again: it is chosen already, and its panel has been closed.
    await workbench.hidePanel();
    await runRows().nth(1).click();
    await workbench.page.locator('.part.panel').waitFor({ state: 'visible' });
    const again = await LossPanel.of(workbench);
    await eventually('the parent again', async () => (await again.attribute('data-run')) === parent);
  });

  step('two runs that are selected stand side by side: curves, metrics, and where their specs differ', async () => {
    await workbench.runCommand('Focus on Runs View');
    await runRows().nth(0).click();
    await runRows()
      .nth(1)
      .click({ modifiers: ['ControlOrMeta'] });
    await runRows().nth(1).click({ button: 'right' });
    await workbench.chooseFromMenu('Compare runs');
    const page = await workbench.webviewWith('[data-testid="beside"][data-state="ready"] canvas');
    const runs = page.locator('[data-testid="legend-item"][data-run]');
    const ids = await runs.evaluateAll((all) => all.map((one) => one.getAttribute('data-run')));
    assert.deepEqual(new Set(ids), new Set([parent, fork]));
    const cells = page.locator('[data-testid="beside-cell"][data-split="test"]');
    const values = await cells.evaluateAll((all) => all.map((one) => one.getAttribute('data-value') ?? ''));
    assert.ok(values.length > 4 && values.every((value) => value !== ''), values.join(' '));
    const places = await page
      .getByTestId('beside-difference')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-pointer') ?? ''));
    assert.equal(places.length, 2, places.join(' '));
    assert.ok(places.includes('/training/epochs') && places.some((place) => place.startsWith('/weights/')));
    assert.match((await page.getByTestId('beside-caveats').textContent()) ?? '', /is a fork: up to step \d+/);
    await workbench.screenshot('beside');
  });
});
