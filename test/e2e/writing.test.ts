// Help while one is still writing, in a text that is no spec yet and in one that is: as a person sees it.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe } from 'node:test';
import { stepsOf } from './steps.ts';
import { copyExample, openWorkbench } from './vscode.ts';
import type { Session } from './vscode.ts';
import { eventually } from './eventually.ts';
import type { Workbench } from './workbench.ts';

const broken = `{
  "data": { "source": "penguins.csv" },
  "network": { "trunk": { "layers": [{ "type": "dense" }] } }
  "tasks": { "species": { "type": "classification", "target": "" }
}
`;

describe('writing a spec', () => {
  let session: Session;
  let workbench: Workbench;
  let folder: string;
  const step = stepsOf(() => workbench);

  /** Labels of the list at the cursor, opened by its key. */
  const suggestions = async (): Promise<readonly string[]> =>
    eventually('suggestions', async () => {
      await workbench.page.keyboard.press('Control+Space');
      const rows = workbench.page.locator('.suggest-widget.visible .monaco-list-row');
      await rows
        .first()
        .waitFor({ timeout: 5000 })
        .catch(() => undefined);
      const found = (await rows.allTextContents()).map((text) => text.replaceAll('\u00a0', ' ').trim());
      return found.length > 0 && found;
    });

  before(async () => {
    folder = copyExample('penguins');
    fs.writeFileSync(path.join(folder, 'broken.mtl.json'), broken);
    fs.writeFileSync(path.join(folder, 'empty.mtl.json'), '');
    const theme = process.env['MTL_E2E_THEME'];
    const settings = theme === undefined ? {} : { 'workbench.colorTheme': theme };
    const language = process.env['MTL_E2E_LANGUAGE'];
    session = await openWorkbench({ folder, settings, ...(language === 'zh-cn' && { language }) });
    workbench = session.workbench;
  });

  after(async () => {
    await session.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  step('columns are offered in a text that does not parse, and no guessed words', async () => {
    await workbench.openFile('broken.mtl.json');
    await workbench.goToText('broken.mtl.json', '" }\n}');
    const found = await suggestions();
    assert.ok(
      found.some((row) => row.startsWith('body_mass_g')),
      found.join(' | '),
    );
    assert.ok(
      found.every((row) => !/^(data|network|classification)\b/.test(row)),
      found.join(' | '),
    );
    await workbench.screenshot('writing-columns');
    await workbench.page.keyboard.press('Escape');
  });

  step('the missing comma is one squiggle with a fix, and then the missing units', async () => {
    await eventually('one squiggle', async () => (await workbench.squiggles()).errors === 1);
    await workbench.goToText('broken.mtl.json', '"tasks"');
    await workbench.applyQuickFix(await theOnly(await workbench.quickFixes()));
    await eventually('the comma', async () => (await workbench.visibleText()).includes('] } },'));
    await workbench.screenshot('writing-comma');
  });

  step('an empty file offers the wizard and a whole spec', async () => {
    await workbench.openFile('empty.mtl.json');
    await eventually('the lens', async () => (await workbench.codeLenses()).some((lens) => /…$/.test(lens)));
    await workbench.focusEditor();
    const found = await suggestions();
    assert.equal(found.length, 2, found.join(' | '));
    await workbench.screenshot('writing-empty');
    await workbench.page.keyboard.press('Escape');
  });

  step('hover on a column, shapes behind the layers, one outline', async () => {
    await workbench.openFile('penguins.mtl.json');
    await eventually('hints', async () => /→ \[\d+\] · /.test(await workbench.visibleText()));
    const text = fs.readFileSync(path.join(folder, 'penguins.mtl.json'), 'utf8');
    const column = /"target": "(\w+)"/.exec(text)?.[1] ?? '';
    await workbench.goToText('penguins.mtl.json', `"target": "${column}`);
    for (let count = 0; count < 13; count += 1) await workbench.page.keyboard.press('ArrowRight');
    const hover = await workbench.hover();
    assert.ok(hover.includes('penguins.csv') && hover.includes('344'), hover);
    await workbench.screenshot('writing-hover');
    await workbench.page.keyboard.press('Escape');
    await workbench.page.keyboard.press('Control+Shift+o');
    await workbench.quickPickRows.first().waitFor();
    const rows = await workbench.quickPickRows.allTextContents();
    const trunks = rows.filter((row) => row.includes('tasks'));
    assert.ok(trunks.filter((row) => /^\W*tasks/.test(row)).length <= 1, rows.join(' | '));
    await workbench.screenshot('writing-outline');
    await workbench.page.keyboard.press('Escape');
  });
});

function theOnly(titles: readonly string[]): Promise<string> {
  const [first] = titles;
  return first === undefined ? Promise.reject(new Error('no quick fix')) : Promise.resolve(first);
}
