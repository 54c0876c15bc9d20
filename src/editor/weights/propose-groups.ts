import * as path from 'node:path';
import * as vscode from 'vscode';
import { isTaken } from '../../files/links.ts';
import { languageArguments, runCli } from '../window/cli.ts';
import { specSuffix } from '../window/ids.ts';
import { runFor } from '../runs/run-commands.ts';
import type { RunStore } from '../runs/run-store.ts';
import { isLive } from '../../common/run-state.ts';
import { nameText, showInformation } from '../window/say.ts';
import { trusted } from '../window/trust.ts';
import { policyArguments } from '../training/use-run.ts';

/**
 * `mtl.proposeGroups(run)`: a spec in which tasks that help each other share a block, made from the affinity that the run
 * measured, or the old spec with an experiment that compares these groups with all tasks together and each alone. Written
 * beside the old spec and opened. Nothing is trained: it is a proposal.
 */
export async function proposeGroups(extension: vscode.Uri, store: RunStore, argument: unknown): Promise<void> {
  const run = await runFor(store, argument, ({ state }) => state !== 'idle' && state !== 'preparing');
  if (!run || !(await trusted())) return;
  const budget = await askForBudget();
  if (budget === undefined) return;
  const form = await askForForm();
  if (form === undefined) return;
  const target = freeName(run.specFile ?? path.join(run.directory, `groups${specSuffix}`), form);
  const title = vscode.l10n.t('Proposing task groups for {0}', nameText(run.name));
  const wish = [
    '--budget',
    String(budget),
    '--write',
    target,
    ...(form === 'experiment' ? ['--experiment'] : []),
    '--json',
  ];
  const args = ['affinity', run.directory, ...wish, ...policyArguments(run), ...languageArguments()];
  const { stdout } = await runCli(extension, title, args, path.dirname(run.directory));
  await vscode.window.showTextDocument(vscode.Uri.file(target), { preview: false });
  const cautions = cautionsOf(stdout);
  const live = isLive(run.state) ? [vscode.l10n.t('The run is still live: its affinities will change.')] : [];
  const next =
    form === 'experiment'
      ? vscode.l10n.t(
          'A proposal, not a result: its experiment compares the groups with all tasks together and each alone.',
        )
      : vscode.l10n.t('A proposal, not a result: train it beside the old spec.');
  const said = [next, ...live, ...cautions];
  void showInformation(said.join(' '));
}

/** How many networks there may be at most. */
async function askForBudget(): Promise<number | undefined> {
  const answer = await vscode.window.showInputBox({
    title: vscode.l10n.t('Propose task groups'),
    prompt: vscode.l10n.t('How many groups at most? Each costs about as much as one shared trunk.'),
    value: '2',
    validateInput: (text) => (budgetOf(text) === undefined ? vscode.l10n.t('A whole number from 1 up.') : undefined),
  });
  return answer === undefined ? undefined : budgetOf(answer);
}

type Form = 'groups' | 'experiment';

async function askForForm(): Promise<Form | undefined> {
  const items: readonly { readonly label: string; readonly detail: string; readonly form: Form }[] = [
    {
      label: vscode.l10n.t('A spec with the groups'),
      detail: vscode.l10n.t('The network is parted; train it beside the old one.'),
      form: 'groups',
    },
    {
      label: vscode.l10n.t('An experiment with the groups as an arm'),
      detail: vscode.l10n.t('All tasks together, the groups, and each task alone; arms that are there stay.'),
      form: 'experiment',
    },
  ];
  const placeHolder = vscode.l10n.t('What is to be written?');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.form;
}

function budgetOf(text: string): number | undefined {
  const value = Number(text.trim());
  return text.trim() !== '' && Number.isSafeInteger(value) && value >= 1 ? value : undefined;
}

/** `article.groups.mtl.json` beside the spec, with a number when that is taken: nothing is written over. */
function freeName(specFile: string, form: Form): string {
  const base = specFile.endsWith(specSuffix) ? specFile.slice(0, -specSuffix.length) : specFile;
  for (let number = 1; ; number++) {
    const file = `${base}.${form}${number === 1 ? '' : `-${String(number)}`}${specSuffix}`;
    if (!isTaken(file)) return file;
  }
}

function cautionsOf(text: string): readonly string[] {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('cautions' in value)) return [];
  const { cautions } = value;
  return Array.isArray(cautions) ? cautions.filter((one) => typeof one === 'string') : [];
}
