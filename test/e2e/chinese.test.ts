// The extension in Chinese: menus, lenses, diagram, loss panel and messages.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { LossPanel } from './loss-panel.ts';
import { copyExample, openWorkbench } from './vscode.ts';
import { eventually } from './workbench.ts';

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
      await diagram.getByText('总损失').first().waitFor();

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
