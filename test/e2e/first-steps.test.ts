// What a new person meets first: the walkthrough with its sample, the wizard, and the page that says what this machine has.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { eventually } from './eventually.ts';
import { copyExample, openWorkbench } from './vscode.ts';

test('the walkthrough opens the sample; its pictures obey a theme of high contrast', async () => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-first-')));
  fs.writeFileSync(path.join(folder, 'notes.md'), 'A folder of mine.');
  const settings = { 'workbench.colorTheme': 'Default High Contrast' };
  const session = await openWorkbench({ folder, settings });
  const { workbench } = session;
  try {
    await workbench.witnessed('walkthrough', async () => {
      await workbench.runCommand('Welcome: Open Walkthrough');
      await workbench.quickPickRows.filter({ hasText: 'Your first multi-task model' }).first().click();
      const picture = await workbench.webviewWith('svg text');
      const color = await picture
        .locator('svg text')
        .first()
        .evaluate((node) => getComputedStyle(node).fill);
      assert.equal(color, 'rgb(255, 255, 255)', 'text of the picture is white where the theme is black');
      await workbench.screenshot('walkthrough-high-contrast');
      await workbench.page.getByRole('button', { name: 'Open the sample' }).first().click();
      await workbench.lens('Train').first().waitFor();
      assert.ok(fs.existsSync(path.join(folder, 'penguins', 'penguins.csv')), 'the data came along');
      await workbench.screenshot('walkthrough-sample');
    });
  } finally {
    await session.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test('the doctor is a page in Chinese, with a button for what can be done', async () => {
  const folder = copyExample('penguins');
  const session = await openWorkbench({ folder, language: 'zh-cn' });
  const { workbench } = session;
  try {
    await workbench.witnessed('doctor', async () => {
      await workbench.runCommand('检查本机（Doctor）');
      const page = await workbench.webviewWith('[data-testid="doctor"][data-state="done"]');
      const lines = await page.locator('.finding').allInnerTexts();
      const words = lines.join('\n');
      for (const expected of ['训练', '原生引擎', '内置引擎', 'Python', '本机', '工作区']) assert.ok(words.includes(expected), words); // prettier-ignore
      assert.doesNotMatch(words, /[a-z]{3,} [a-z]{3,} [a-z]{3,} [a-z]{3,}/, 'no English sentence');
      await page.getByTestId('act-install').waitFor();
      await workbench.screenshot('doctor-zh');
      await page.getByTestId('copy').click();
      const copied = await eventually('the copied text', async () => {
        const text = await workbench.page.evaluate(() => navigator.clipboard.readText());
        return text.startsWith('MTL Workbench') && text;
      });
      assert.match(copied, /\n✓ 训练: 使用 wasm/);

      await workbench.runCommand('Welcome: Open Walkthrough');
      await workbench.quickPickRows.filter({ hasText: '第一个多任务模型' }).first().click();
      const picture = await workbench.webviewWith('svg text');
      await picture.getByText('占总损失').first().waitFor();
      await workbench.page.getByRole('button', { name: '打开示例' }).first().waitFor();
    });
  } finally {
    await session.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test('the wizard stays where Enter was pressed on nothing, and names what it leaves out', async () => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-wizard-')));
  const rows = Array.from({ length: 30 }, (_, at) => `${String(at)},${at % 2 === 0 ? 'a' : 'b'},${String(3.5 + at)},${String(at * 2)},note ${String(at)} of the day`); // prettier-ignore
  fs.writeFileSync(path.join(folder, 'birds.csv'), `id,species,mass,wing,notes\n${rows.join('\n')}\n`);
  const session = await openWorkbench({ folder });
  const { workbench } = session;
  try {
    await workbench.witnessed('wizard', async () => {
      await workbench.runCommand('New multi-task experiment');
      await workbench.quickPickRows.filter({ hasText: 'birds.csv' }).first().click();
      const widget = workbench.page.locator('.quick-input-widget');
      await widget.getByText('(2/5)').waitFor();
      await workbench.page.keyboard.press('Enter');
      await widget.getByText('Mark at least one with Space').first().waitFor();
      await workbench.screenshot('wizard-nothing-marked');
      for (const name of ['species', 'mass']) await workbench.quickPickRows.filter({ hasText: name }).first().click();
      await workbench.page.keyboard.press('Enter');
      await widget.getByText('(4/5)').waitFor();
      await workbench.screenshot('wizard-inputs');
      await workbench.page.keyboard.press('Enter');
      await widget.getByText('(5/5)').waitFor();
      await workbench.page.keyboard.press('Enter');
      await workbench.lens('Train').first().waitFor();
      const text = fs.readFileSync(path.join(folder, 'birds.mtl.json'), 'utf8');
      assert.match(text, /Columns that are left out: "id" \(only numbers the rows\), "notes" \(free text\)\./);
    });
  } finally {
    await session.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
