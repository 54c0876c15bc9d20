// The extension in Chinese: menus, lenses, diagram, loss panel and messages.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { capture, root } from '../../scripts/lib/process.mjs';
import { LossPanel } from './loss-panel.ts';
import { copyExample, openWorkbench } from './vscode.ts';
import { eventually } from './eventually.ts';

const spec = 'article.mtl.json';

test('everything of ours speaks Chinese where VS Code does', async () => {
  const folder = copyExample('digits');
  const session = await openWorkbench({ folder, language: 'zh-cn' });
  const { workbench } = session;
  try {
    await workbench.witnessed('chinese', async () => {
      await workbench.openFile(spec);
      await workbench.clickContextMenu('显示任务映射图');
      const diagram = await workbench.webviewWith('[data-testid="diagram"][data-state="ok"] svg');
      await diagram.locator('text').getByText('总损失').first().waitFor();

      await workbench.goToText(spec, '特征提取" },');
      await workbench.type('X');
      const problems = await eventually('the problem', async () => {
        const found = await workbench.problems();
        return found.length > 0 && found;
      });
      assert.match(problems.join(' | '), /没有|未知|不存在/);
      await workbench.focusEditor();
      await workbench.undo();

      await workbench.clickExplorerMenu(spec, '训练多任务模型');
      const panel = await LossPanel.of(workbench);
      await panel.waitForState('running');
      await workbench.goToText(spec, '"weights"');
      await eventually('lenses with losses', async () =>
        (await workbench.codeLenses()).some((lens) => /损失 \d/.test(lens)),
      );
      await panel.waitForPoints(60);
      await workbench.screenshot('training-zh');
    });
  } finally {
    await session.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test('the tabs on weights and conflicts speak Chinese, with the numbers of a gradient strategy', async () => {
  const folder = copyExample('digits');
  const file = path.join(folder, spec);
  const epochs = process.env['MTL_E2E_EPOCHS'] ?? '4';
  const text = fs.readFileSync(file, 'utf8').replace('"epochs": 30', `"epochs": ${epochs}`);
  const strategy = '"strategy": { "name": "pcgrad", "prescale": true },\n\n  ';
  fs.writeFileSync(
    file,
    text.replace('// As the PyTorch', () => `${strategy}// As the PyTorch`),
  );
  const session = await openWorkbench({ folder, language: 'zh-cn' });
  const { workbench } = session;
  try {
    await workbench.witnessed('chinese-tabs', async () => {
      await workbench.openFile(spec);
      await workbench.lens('建议…').first().waitFor();
      await workbench.clickExplorerMenu(spec, '训练多任务模型');
      const panel = await LossPanel.of(workbench);
      await panel.waitForState('completed', 400_000);
      const page = await workbench.webviewWith('[data-testid="loss-panel"]');
      await page.getByRole('tab', { name: '冲突' }).click();
      await page.getByText('小于 0 即任务冲突').waitFor();
      await workbench.goToText(spec, '"weights"');
      await workbench.screenshot('conflict-zh');
      await page.getByRole('tab', { name: '权重' }).click();
      await page.locator('#panel-weights canvas').waitFor();
      await eventually('effective weights in the lenses', async () =>
        (await workbench.codeLenses()).some((lens) => /有效权重 \d/.test(lens)),
      );
      await workbench.screenshot('weights-zh');
    });
  } finally {
    await session.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test('a run that diverges says why in Chinese, in the panel and in a notification; one from a terminal does not pop up', async () => {
  const folder = copyExample('penguins');
  const name = 'penguins.mtl.json';
  const file = path.join(folder, name);
  const wild = fs.readFileSync(file, 'utf8').replace('"learningRate": 0.003', '"learningRate": 1e20');
  fs.writeFileSync(file, wild);
  const session = await openWorkbench({ folder, language: 'zh-cn' });
  const { workbench } = session;
  try {
    await workbench.witnessed('chinese-failure', async () => {
      await workbench.openFile(name);
      await workbench.lens('训练').first().waitFor();
      await workbench.clickExplorerMenu(name, '训练多任务模型');
      const panel = await LossPanel.of(workbench);
      await panel.waitForState('failed');
      const page = await workbench.webviewWith('[data-testid="loss-panel"]');
      const problem = (await page.getByTestId('problem').textContent()) ?? '';
      assert.match(problem, /训练发散/);
      assert.doesNotMatch(problem, /[a-z]{3,} [a-z]{3,} [a-z]{3,}/, 'no English sentence');
      const told = await eventually('the notification', async () =>
        (await workbench.notifications()).find((one) => one.includes('训练发散')),
      );
      assert.match(told, /^“penguins”失败。训练发散/);
      await workbench.screenshot('diverged-zh');
      const own = await panel.attribute('data-run');

      // The same from a terminal: the panel shows it, and nothing pops up.
      const { code } = await capture(process.execPath, [
        path.join(root, 'dist/cli.cjs'),
        'train',
        file,
        '--lang',
        'zh',
      ]);
      assert.equal(code, 1);
      await eventually('the other run on show', async () => (await panel.attribute('data-run')) !== own);
      await panel.waitForState('failed');
      const all = (await workbench.notifications()).filter((one) => one.includes('训练发散'));
      assert.ok(all.length <= 1, all.join(' | '));
    });
  } finally {
    await session.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
