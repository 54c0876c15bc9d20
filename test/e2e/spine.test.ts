// The whole way in a real VS Code with the packaged extension: from a spec to a trained model, by hand.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe } from 'node:test';
import { LossPanel } from './loss-panel.ts';
import { runDirectories } from './processes.ts';
import { stepsOf } from './steps.ts';
import { copyExample, openWorkbench } from './vscode.ts';
import type { Session } from './vscode.ts';
import { eventually } from './eventually.ts';
import type { Workbench } from './workbench.ts';

const spec = 'article.mtl.json';
const tasks = ['分类', '回归', '检测'];
/** A run on a busy machine. */
const trainingMilliseconds = 400_000;
/** Long enough for a reload and a stop on a fast machine; the pictures are of the sample as it is. */
const epochs = process.env['MTL_E2E_EPOCHS'] ?? '80';

describe('the article in VS Code', () => {
  let session: Session;
  let workbench: Workbench;
  let folder: string;

  const text = (): string => fs.readFileSync(path.join(folder, spec), 'utf8');
  const step = stepsOf(() => workbench);

  before(async () => {
    folder = copyExample('digits');
    fs.writeFileSync(path.join(folder, spec), text().replace('"epochs": 30', `"epochs": ${epochs}`));
    session = await openWorkbench({ folder });
    workbench = session.workbench;
  });

  after(async () => {
    await session.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  step('the sample opens with lenses and without errors', async () => {
    await workbench.openFile(spec);
    await workbench.goToText(spec, '"weights"');
    const lenses = await eventually('the lenses of the weights', async () => {
      const found = await workbench.codeLenses();
      return found.some((lens) => lens.includes('50')) && found.some((lens) => lens.includes('20')) && found;
    });
    assert.ok(lenses.filter((lens) => lens.includes('+')).length >= 3, `a + for each task among ${lenses.join(' | ')}`);
    await workbench.screenshot('editor');
    assert.deepEqual(await workbench.problems(), []);
    await workbench.hidePanel();
  });

  step('a typo makes exactly one squiggle, and its fix mends it', async () => {
    const before = text();
    await workbench.goToText(spec, '特征提取" },');
    await workbench.type('X');
    await eventually('one squiggle', async () => (await workbench.squiggles()).errors === 1);
    assert.deepEqual(await workbench.squiggles(), { errors: 1, warnings: 0 });
    const problems = await workbench.problems();
    assert.equal(problems.length, 1, problems.join(' | '));
    assert.match(problems[0] ?? '', /X特征提取/);
    await workbench.screenshot('problem');
    await workbench.goToText(spec, '特征提取" },');
    const fixes = await workbench.quickFixes();
    const fix = fixes.find((title) => title.includes('特征提取'));
    assert.ok(fix, fixes.join(' | '));
    await workbench.applyQuickFix(fix);
    await eventually('no squiggle', async () => (await workbench.squiggles()).errors === 0);
    await workbench.save();
    await eventually('the file on disk', () => text() === before);
  });

  step('what only the rows tell shows when the spec is saved, and goes when it is mended', async () => {
    const split = path.join(folder, 'split.csv');
    const whole = fs.readFileSync(split, 'utf8');
    fs.writeFileSync(split, `${whole.trimEnd().split('\n').slice(0, -7).join('\n')}\n`);
    await workbench.goTo(1);
    await workbench.type(' ');
    await workbench.save();
    await eventually('one warning', async () => (await workbench.squiggles()).warnings === 1);
    const problems = await workbench.problems();
    assert.equal(problems.length, 1, problems.join(' | '));
    assert.match(problems[0] ?? '', /7 rows of 3000 are in no split/);
    await workbench.screenshot('finding');
    fs.writeFileSync(split, whole);
    await workbench.focusEditor();
    await workbench.undo();
    await workbench.save();
    await eventually('no warning', async () => (await workbench.squiggles()).warnings === 0);
  });

  step('the diagram shows every input, block and task', async () => {
    await workbench.hidePanel();
    await workbench.clickContextMenu('Show task mapping');
    const page = await workbench.webviewWith('[data-testid="diagram"][data-state="ok"] svg');
    const count = (kind: string): Promise<number> => page.locator(`[data-testid="node"][data-kind="${kind}"]`).count();
    assert.deepEqual(
      { input: await count('input'), block: await count('block'), task: await count('task') },
      { input: 1, block: 1, task: 3 },
    );
    const shared = page.locator('[data-testid="node"][data-kind="block"]');
    assert.equal(await shared.getAttribute('data-name'), '特征提取');
    assert.equal(await shared.getAttribute('data-shared'), 'true');
    await workbench.screenshot('diagram');
  });

  step('right-click Train: all three losses fall', async () => {
    await workbench.clickExplorerMenu(spec, 'Train multi-task model');
    const panel = await LossPanel.of(workbench);
    await panel.waitForState('running');
    await panel.waitForPoints(1);
    const first = await panel.losses(tasks, 'train');
    await panel.waitForPoints(25);
    await eventually('three losses below their first', async () => {
      const now = await panel.losses(tasks, 'train');
      return tasks.every((task) => (now.get(task) ?? Infinity) < (first.get(task) ?? 0));
    });
    assert.match(await panel.attribute('data-engine'), /wasm/);
    await workbench.goToText(spec, '"weights"');
    await eventually('lenses with losses', async () =>
      (await workbench.codeLenses()).some((lens) => /loss \d/.test(lens)),
    );
    await panel.waitForPoints(40);
    await workbench.screenshot('training');
  });

  step('a reload in mid-training shows the whole history', async () => {
    const before = await LossPanel.of(workbench);
    const [run, points] = [await before.attribute('data-run'), await before.points()];
    await workbench.reload();
    const panel = await LossPanel.of(workbench);
    await panel.waitForPoints(points);
    assert.equal(await panel.attribute('data-run'), run);
    assert.ok(['running', 'completed'].includes(await panel.attribute('data-state')));
    for (const task of tasks) assert.ok(Number.isFinite((await panel.losses(tasks, 'validation')).get(task)), task);
  });

  step('stop ends it with a checkpoint, resume goes on to the end', async () => {
    const panel = await LossPanel.of(workbench);
    await panel.press('stop');
    await panel.waitForState('stopped');
    const [run] = runDirectories(folder);
    assert.ok(run !== undefined);
    assert.ok(fs.existsSync(path.join(run, 'checkpoints/latest.json')), 'a checkpoint');
    const points = await panel.points();
    await panel.press('resume');
    await panel.waitForState('running');
    await panel.waitForState('completed', trainingMilliseconds);
    assert.ok((await panel.points()) > points);
    assert.equal(runDirectories(folder).length, 1, 'the same run went on');
    await workbench.screenshot('completed');
  });

  step('the lens changes a weight and keeps the comments', async () => {
    await workbench.openFile(spec);
    await workbench.goToText(spec, '"weights"');
    const before = text();
    await workbench.lens('+').nth(2).click(); // of 检测, the third
    await eventually('the new weight', async () => (await workbench.visibleText()).includes('"检测": 0.25'));
    await workbench.save();
    const wanted = before.replace(/("检测": )0\.2( \})/, '$10.25$2');
    assert.notEqual(wanted, before);
    await eventually('the file on disk', () => text() !== before);
    assert.equal(text(), wanted);
  });

  step('the tree shows the finished run with its metrics', async () => {
    await workbench.runCommand('Focus on Runs View');
    const rows = await eventually('a finished run', async () => {
      const found = await workbench.treeRows(/Runs/);
      return found.some((row) => /accuracy|准确率/i.test(row)) && found;
    });
    assert.ok(rows.length > 0);
    await workbench.screenshot('runs');
    const [run = ''] = runDirectories(folder);
    const result = JSON.parse(fs.readFileSync(path.join(run, 'result.json'), 'utf8')) as { status: string };
    assert.equal(result.status, 'completed');
  });

  step('nothing outside this machine was asked for', async () => {
    assert.deepEqual(workbench.outsideHosts, []);
    await Promise.resolve();
  });
});
