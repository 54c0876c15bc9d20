// An experiment in a real VS Code: what the editor says before it is run, the question, the runs, the comparison.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { stepsOf } from './steps.ts';
import { copyExample, openWorkbench } from './vscode.ts';
import type { Session } from './vscode.ts';
import { eventually } from './eventually.ts';
import { TestingView } from './testing-view.ts';
import type { Workbench } from './workbench.ts';

const spec = 'penguins.mtl.json';
/** The same with an arm whose labels are not those of the rows. */
const wrong = 'wrong.mtl.json';
const claims = [
  { id: 'H1', claim: 'superior', measure: 'mass', arms: ['joint', 'single'] },
  { id: 'H2', claim: 'superior', measure: 'sex', arms: ['single', 'joint'] },
];
/** More of both for the READMEs' pictures. */
const replicates = Number(process.env['MTL_E2E_REPLICATES'] ?? 3);
const epochs = Number(process.env['MTL_E2E_EPOCHS'] ?? 4);
/** A single-task run for each of three tasks, and three arms on all of them. */
const runs = 6 * replicates;
const parts = [
  '"arms": [{ "id": "single", "auto": "single-task" }, { "id": "joint" },',
  '  { "id": "uncertainty", "set": { "/strategy/name": "uncertainty" } },',
  '  { "id": "pcgrad", "set": { "/strategy/name": "pcgrad", "/strategy/prescale": true } }],',
  `"baseline": "single", "replicates": ${String(replicates)},`,
  `"hypotheses": ${JSON.stringify(claims)}`,
];
const experiment = `"experiment": {\n    ${parts.join('\n    ')} },\n  "training"`;
const samples = path.resolve(import.meta.dirname, '../../examples/penguins');
const command = path.resolve(import.meta.dirname, '../../dist/cli.cjs');
const directory = path.join('.mtl', 'experiments', 'penguins');

/** As the Testing view calls them. */
const states = { supported: 'Passed', refuted: 'Failed', undecided: 'Skipped' };

describe('an experiment in VS Code', () => {
  let session: Session;
  let workbench: Workbench;
  let folder: string;
  let page: FrameLocator;

  const step = stepsOf(() => workbench);

  before(async () => {
    folder = copyExample('penguins');
    const file = path.join(folder, spec);
    const text = fs.readFileSync(file, 'utf8');
    const changed = text.replace('"training"', experiment).replace('"epochs": 150', `"epochs": ${String(epochs)}`);
    assert.ok(changed.includes(experiment) && !changed.includes('"epochs": 150'));
    fs.writeFileSync(file, changed);
    session = await openWorkbench({ folder });
    workbench = session.workbench;
  });

  after(async () => {
    await session.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  step('the lens says how many runs it is, and what they can find', async () => {
    await workbench.openFile(spec);
    await workbench.goToText(spec, '"experiment"');
    const words = `${String(runs)} runs · time not measured yet · ${String(replicates)} seeds, 3 tasks: `;
    await eventually('the lens', async () =>
      (await workbench.codeLenses()).some((lens) => lens.includes(words) && /: \d+ % power/.test(lens)),
    );
    const problems = await workbench.problems();
    assert.ok(
      problems.some((problem) => /with 3 tasks and 9 comparisons/i.test(problem)),
      problems.join(' | '),
    );
    await workbench.screenshot('experiment-lens');
  });

  step('its hypotheses stand in the Testing view, where "run all" trains nothing', async () => {
    const testing = new TestingView(workbench);
    await testing.runAll();
    await eventually('words beside every hypothesis', async () => {
      const rows = await testing.rows();
      const waits = (id: string): boolean =>
        rows.some(({ words }) => words.startsWith(`${id}:`) && words.includes('the experiment has not been run yet'));
      return claims.every(({ id }) => waits(id));
    });
    assert.equal(await workbench.page.locator('.monaco-dialog-box').isVisible(), false);
    assert.equal(fs.existsSync(path.join(folder, '.mtl', 'experiments')), false);
  });

  step('it is run after a question that says so', async () => {
    const question = workbench.page.locator('.monaco-dialog-box');
    await eventually('the question', async () => {
      const lens = workbench.lens('Run experiment').first();
      // Lenses are drawn anew whenever something of them changes: a click may meet one that is just gone. Those of an editor that
      // was opened anew are pictures of the former ones, and VS Code may ask for new ones only once somebody clicks into the text.
      const clicked = await lens.click({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
      if (!clicked) {
        await workbench.editor.locator('.view-line').nth(6).click();
        return false;
      }
      const asked = question.waitFor({ timeout: 10_000 });
      return asked.then(() => true).catch(() => false);
    });
    const asked = (await question.textContent()) ?? '';
    assert.ok(asked.includes(`Run the experiment of penguins.mtl.json? ${String(runs)} runs`), asked);
    await question.locator('.monaco-button', { hasText: /^Run$/ }).click();
    await eventually('a plan', () => Promise.resolve(fs.existsSync(path.join(folder, directory, 'plan.json'))));
  });

  step('the comparison shows every arm, at the end with a verdict for every task', async () => {
    page = await workbench.webviewWith('[data-testid="comparison"] [data-testid="arm"]');
    const arm = (name: string) => page.locator(`[data-testid="arm"][data-arm="${name}"]`).first();
    for (const name of ['single', 'joint', 'uncertainty', 'pcgrad']) await arm(name).waitFor();
    await eventually(
      'all runs',
      () => {
        const begun = fs.readdirSync(path.join(folder, directory, 'runs'));
        const ended = begun.filter((run) => fs.existsSync(path.join(folder, directory, 'runs', run, 'result.json')));
        return Promise.resolve(ended.length === runs);
      },
      600_000,
    );
    await eventually('means', async () => /\d\.\d/.test((await arm('joint').textContent()) ?? ''));
    await workbench.screenshot('comparison');
    for (const [tab, drawn] of [
      ['Forest', 'forest-row'],
      ['Curves', 'mean-curve'],
    ] as const) {
      await page.getByRole('tab', { name: tab }).click();
      await page.getByTestId(`${tab.toLowerCase()}-task`).selectOption('mass');
      await page.getByTestId(drawn).first().waitFor({ state: 'attached' });
      await workbench.screenshot(`comparison-${tab.toLowerCase()}`);
    }
  });

  step('the Testing view says of every hypothesis what mtl verify says', async () => {
    const words = ['verify', path.join(folder, directory), '--json', '--lang', 'en'];
    const { stdout } = spawnSync(process.execPath, [command, ...words], { encoding: 'utf8' });
    const { hypotheses } = JSON.parse(stdout) as {
      hypotheses: { id: string; result: keyof typeof states; reason: { en: string } }[];
    };
    assert.deepEqual(hypotheses.map(({ id }) => id), ['H1', 'H2']); // prettier-ignore
    const testing = new TestingView(workbench);
    await testing.runAll();
    await eventually('the outcomes', async () => {
      const rows = await testing.rows();
      return hypotheses.every(({ id, result, reason }) =>
        rows.some(
          ({ label, words }) =>
            words.startsWith(`${id}:`) &&
            words.includes(reason.en.replace(/\.$/, '')) &&
            label.includes(`(${states[result]})`),
        ),
      );
    });
    await workbench.screenshot('testing-view');
  });

  step(
    'the list of runs has the arms below the experiment, and below an arm its seeds with their numbers',
    async () => {
      await workbench.runCommand('Focus on Runs View');
      const rows = workbench.page.getByRole('tree', { name: /Runs/ }).getByRole('treeitem');
      const unfold = async (name: RegExp, below: RegExp): Promise<void> => {
        await eventually(`a row below ${String(name)}`, async () => {
          if ((await workbench.treeRows(/Runs/)).some((row) => below.test(row))) return true;
          const row = rows.filter({ hasText: name }).first();
          // The arrow: a click on its name opens the comparison.
          if ((await row.getAttribute('aria-expanded')) === 'false') await row.locator('.monaco-tl-twistie').click();
          return false;
        });
      };
      await unfold(/penguins.*experiment/, /^joint, /);
      const arms = await workbench.treeRows(/Runs/);
      assert.ok(
        arms.some((row) => row.startsWith(`joint, ${String(replicates)} of ${String(replicates)} done`)),
        arms.join(' | '),
      );
      assert.equal(arms.some((row) => row.startsWith('seed')), false); // prettier-ignore
      await unfold(/^joint/, /^seed 1, completed · species accuracy [\d.]+ · mass /);
      await workbench.screenshot('runs-tree');
    },
  );

  step('a seed on show can have the others of its arm under its losses', async () => {
    const seed = workbench.page
      .getByRole('tree', { name: /Runs/ })
      .getByRole('treeitem')
      .filter({ hasText: /^seed 1/ });
    await seed.first().click();
    await workbench.runCommand('Focus on Losses View');
    const losses = await workbench.webviewWith('[data-testid="loss-panel"] [data-testid="overlay-add"]');
    await losses.getByTestId('overlay-add').selectOption('arm:joint');
    await eventually('the means of the arm', async () => {
      const cells = losses.locator('[data-testid="overlay-table"] td[data-series="overlay-runs"]');
      return (await cells.allTextContents()).join() === Array.from({ length: 3 }, () => String(replicates)).join();
    });
    const [legend = ''] = await losses.getByTestId('overlay-item').allTextContents();
    assert.match(legend, new RegExp(`^${String(replicates)} seeds of joint · Validation loss`));
    await workbench.screenshot('loss-overlays');
  });

  step('what only the rows tell of an arm stands at the arm', async () => {
    const few = '"experiment": { "arms": [{ "id": "joint" },\n  { "id": "few", "set": { "/tasks/species/classes": ["Adelie", "Gentoo"] } }] },\n  "training"'; // prettier-ignore
    const text = fs.readFileSync(path.join(samples, spec), 'utf8');
    fs.writeFileSync(path.join(folder, wrong), text.replace('"training"', few));
    await workbench.runCommand('View: Show Explorer');
    await workbench.openFile(wrong);
    await workbench.goToText(wrong, '"few"');
    await eventually('the problems of the arms', async () => {
      const problems = (await workbench.problems()).join(' | ');
      return problems.includes('"few", /tasks/species/target:') && problems.includes('is not measured on the same as');
    });
    await workbench.screenshot('experiment-arm-data');
  });
});
