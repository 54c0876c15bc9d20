import * as vscode from 'vscode';
import { listCheckpoints } from '../../runs/checkpoints.ts';
import { engineToFork, forkFrom } from '../../runs/fork/from.ts';
import { forkChange } from '../../runs/fork/record.ts';
import { forkChangeText, forkChangesText, refusedText } from '../../runs/fork/texts.ts';
import { readRunRecord } from '../../runs/frozen.ts';
import { createRun } from '../../runs/launch.ts';
import { nameOf } from '../../runs/name.ts';
import { parseSetting, pointerOf, strategyNames, type Setting } from '../../spec/index.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';
import { runFor } from '../runs/run-commands.ts';
import { rootOf } from '../runs/run-folders.ts';
import type { RunEntry, RunStore } from '../runs/run-store.ts';
import { plainLabel } from '../weights/lens-text.ts';
import { isSpec, uriOf } from '../window/arguments.ts';
import { pick } from '../window/language.ts';
import { showInformation } from '../window/say.ts';
import { trusted } from '../window/trust.ts';
import { changesOfText, draft, lengthNeeded, parentOf, type Draft, type Parent } from './fork-draft.ts';
import { start, type TrainingServices } from './train.ts';

/** What a caller that asks nobody gives: a step of a kept checkpoint, and settings as of `--set`. */
interface Given {
  readonly step?: number;
  readonly set?: readonly string[];
}

/**
 * A new run from a checkpoint of another one. What the spec's text has changed since is proposed; more can be added.
 *
 * @param argument a run (a node of the tree, a directory), or a spec: then its newest run that has checkpoints
 * @param given by callers that know; nothing is asked then
 */
export async function forkRun(services: TrainingServices, argument: unknown, given?: unknown): Promise<void> {
  const run = await parentRun(services.store, argument);
  if (!run || !(await trusted())) return;
  const parent = parentOf(run.directory);
  const asked = givenBy(given);
  const step = asked === undefined ? await askForStep(run, parent) : (asked.step ?? parent.steps.at(-1));
  if (step === undefined) return;
  const wish =
    asked === undefined
      ? await askForChanges(services.documents, run, parent, step)
      : draft(parent, (asked.set ?? []).map(settingOf));
  if (wish) await startFork(services, run, step, wish);
}

function givenBy(value: unknown): Given | undefined {
  if (typeof value !== 'object' || value === null || !('set' in value || 'step' in value)) return undefined;
  const { step, set } = value as Record<string, unknown>;
  return {
    ...(typeof step === 'number' ? { step } : {}),
    ...(Array.isArray(set) ? { set: set.filter((one): one is string => typeof one === 'string') } : {}),
  };
}

async function parentRun(store: RunStore, argument: unknown): Promise<RunEntry | undefined> {
  const forkable = (entry: RunEntry): boolean => entry.forkable;
  const uri = uriOf(argument);
  if (!uri || !isSpec(uri)) return runFor(store, argument, forkable);
  const [newest] = store.entries
    .filter((entry) => entry.specFile === uri.fsPath && entry.forkable)
    .toSorted((a, b) => b.created - a.created);
  if (!newest) void showInformation(vscode.l10n.t('No run of this spec has a checkpoint to fork from yet.'));
  return newest;
}

async function askForStep(run: RunEntry, parent: Parent): Promise<number | undefined> {
  const items = listCheckpoints(run.directory)
    .map(({ step }) => ({ label: vscode.l10n.t('step {0}', step), description: epochText(step, parent), step }))
    .toReversed();
  if (items.length === 0) {
    throw new Error(vscode.l10n.t('"{0}" has no checkpoint to fork from: it ended before its first one.', run.name));
  }
  if (items.length === 1) return items[0]?.step;
  const placeHolder = vscode.l10n.t('From which checkpoint of {0}?', plainLabel(run.name));
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.step;
}

function epochText(step: number, { stepsPerEpoch }: Parent): string {
  const done = Math.floor(step / stepsPerEpoch);
  return step % stepsPerEpoch === 0
    ? vscode.l10n.t('after epoch {0}', done)
    : vscode.l10n.t('inside epoch {0}', done + 1);
}

type Choice = vscode.QuickPickItem & {
  readonly act: (settings: readonly Setting[]) => Promise<readonly Setting[] | 'start'>;
};

/** Asks until the person starts the fork; undefined where they leave it. */
async function askForChanges(
  documents: SpecDocuments,
  run: RunEntry,
  parent: Parent,
  step: number,
): Promise<Draft | undefined> {
  const proposed = await proposal(documents, run, parent, step);
  let settings: readonly Setting[] = proposed.settings;
  for (;;) {
    const now = draft(parent, settings);
    const [problem] = now.problems;
    const title = vscode.l10n.t('Fork of {0} from step {1}', plainLabel(run.name), step);
    const placeHolder = problem ? pick(problem.message) : (proposed.leftOut ?? vscode.l10n.t('What is to change?'));
    const items = choices(now, settings.length > 0);
    const chosen = await vscode.window.showQuickPick<Choice>(items, { title, placeHolder });
    if (!chosen) return undefined;
    const next = await chosen.act(settings);
    if (next !== 'start') {
      settings = next;
      continue;
    }
    const needed = lengthNeeded(parent, now, step);
    if (needed === null) return now;
    const more = await askForLength(needed, now);
    if (more) return draft(parent, [...settings, more]);
  }
}

/** What the text has changed since the run was made, and what of that a fork cannot take. */
async function proposal(
  documents: SpecDocuments,
  run: RunEntry,
  parent: Parent,
  step: number,
): Promise<{ readonly settings: readonly Setting[]; readonly leftOut?: string }> {
  if (run.specFile === undefined) return { settings: [] };
  let document: vscode.TextDocument;
  try {
    document = await vscode.workspace.openTextDocument(vscode.Uri.file(run.specFile));
  } catch {
    // The spec was moved or deleted: the run's own is all there is.
    return { settings: [] };
  }
  const { reading, problems } = await documents.settled(document);
  if (!reading.spec || problems.some(({ severity }) => severity === 'error')) {
    return { settings: [], leftOut: vscode.l10n.t('The text of the spec has errors, so its changes are left out.') };
  }
  const current = { text: document.getText(), spec: reading.spec };
  const { settings, refused } = changesOfText(parent, current, step);
  if (refused.length === 0) return { settings };
  const what = pick(refusedText(refused));
  return {
    settings,
    leftOut: vscode.l10n.t('The spec has changes that no fork can take; they are left out: {0}', what),
  };
}

function choices(now: Draft, anything: boolean): readonly Choice[] {
  const told = forkChangesText(now.changes.map(forkChange));
  const add = (more: Setting | undefined, to: readonly Setting[]): readonly Setting[] => (more ? [...to, more] : to);
  const begin: Choice = {
    label: `$(git-branch) ${vscode.l10n.t('Start the fork')}`,
    detail: plainLabel(told ? pick(told) : vscode.l10n.t('Nothing changed: it goes on as the run would have.')),
    act: () => Promise.resolve('start'),
  };
  return [
    ...(now.problems.length > 0 ? [] : [begin]),
    ...[...now.resolved.weights].map(([task, weight]): Choice => ({
      label: `$(edit) ${vscode.l10n.t('Weight of {0}', plainLabel(task))}`,
      description: String(weight),
      act: async (to) => add(await askForNumber(pointerOf(['weights', task]), weight, 0), to),
    })),
    {
      label: `$(edit) ${vscode.l10n.t('Strategy')}`,
      description: now.resolved.strategy.name,
      act: async (to) => add(await askForStrategy(), to),
    },
    {
      label: `$(edit) ${vscode.l10n.t('Learning rate')}`,
      description: String(now.resolved.training.learningRate),
      act: async (to) =>
        add(await askForNumber('/training/learningRate', now.resolved.training.learningRate, null), to),
    },
    {
      label: `$(settings) ${vscode.l10n.t('Another setting…')}`,
      description: '/training/epochs=100',
      act: async (to) => add(await askForSetting(), to),
    },
    ...(anything
      ? [
          {
            label: `$(discard) ${vscode.l10n.t('Change nothing')}`,
            description: now.changes.map((change) => plainLabel(forkChangeText(forkChange(change)).en)).join('; '),
            act: () => Promise.resolve([]),
          },
        ]
      : []),
  ];
}

/** @param least from where numbers count; null: above 0 */
async function askForNumber(pointer: string, current: number, least: 0 | null): Promise<Setting | undefined> {
  const read = (text: string): number | undefined => {
    const value = Number(text.trim().replace(',', '.'));
    const fits = text.trim() !== '' && Number.isFinite(value) && (least === null ? value > 0 : value >= least);
    return fits ? value : undefined;
  };
  const wrong = least === null ? vscode.l10n.t('A number above 0.') : vscode.l10n.t('A number from 0 up.');
  const answer = await vscode.window.showInputBox({
    title: pointer,
    value: String(current),
    validateInput: (text) => (read(text) === undefined ? wrong : undefined),
  });
  const value = answer === undefined ? undefined : read(answer);
  return value === undefined ? undefined : { pointer, value };
}

async function askForStrategy(): Promise<Setting | undefined> {
  const chosen = await vscode.window.showQuickPick([...strategyNames], {
    placeHolder: vscode.l10n.t('Which strategy?'),
  });
  return chosen === undefined ? undefined : { pointer: '/strategy', value: chosen };
}

async function askForSetting(): Promise<Setting | undefined> {
  const answer = await vscode.window.showInputBox({
    prompt: vscode.l10n.t('A place of the spec and its value, as for --set'),
    value: '/training/',
    validateInput: (text) => {
      const [problem] = parseSetting(text.trim()).problems;
      return problem ? pick(problem.message) : undefined;
    },
  });
  return answer === undefined ? undefined : parseSetting(answer.trim()).setting;
}

/** At the end of a run nothing is left: the fork is asked how long it is to be. */
async function askForLength(
  { key, least }: NonNullable<ReturnType<typeof lengthNeeded>>,
  { resolved }: Draft,
): Promise<Setting | undefined> {
  const known = resolved.training[key] ?? least;
  const answer = await vscode.window.showInputBox({
    title: key === 'epochs' ? vscode.l10n.t('Epochs') : vscode.l10n.t('Steps'),
    prompt: vscode.l10n.t('The run is through at this checkpoint: how many in all?'),
    value: String(Math.max(least, 2 * known)),
    validateInput: (text) =>
      /^\s*\d{1,9}\s*$/.test(text) && Number(text) >= least
        ? undefined
        : vscode.l10n.t('A whole number from {0}.', least),
  });
  return answer === undefined ? undefined : { pointer: `/training/${key}`, value: Number(answer) };
}

function settingOf(written: string): Setting {
  const { setting, problems } = parseSetting(written);
  if (setting) return setting;
  throw new Error(problems[0] ? pick(problems[0].message) : written);
}

async function startFork(services: TrainingServices, run: RunEntry, step: number, wish: Draft): Promise<void> {
  const [problem] = wish.problems;
  if (problem) throw new Error(pick(problem.message));
  const { specFile } = run;
  if (specFile === undefined) {
    readRunRecord(run.directory);
    throw new Error(vscode.l10n.t('The spec of "{0}" cannot be found, so that its data cannot be, either.', run.name));
  }
  const { text, set, resolved } = wish;
  const fork = forkFrom(run.directory, step, resolved);
  const name = nameOf(resolved.name, specFile);
  const folder = services.folders.forNew(specFile);
  const directory = createRun({ text, resolved, set, specFile, root: rootOf(specFile), name, folder, fork });
  const engine = engineToFork(run.directory, fork, undefined);
  await start(services, directory, specFile, { engine, resume: false });
}
