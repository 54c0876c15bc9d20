import * as vscode from 'vscode';
import {
  editWeight,
  normalizeWeights as normalizingEdits,
  steppedWeight,
  tidyWeight,
  type TextEdit,
} from '../../spec/index.ts';
import { isSpec, uriOf } from '../window/arguments.ts';
import type { RunStore } from '../runs/run-store.ts';
import type { CommandId } from '../window/ids.ts';
import { shorten, weightText } from './lens-text.ts';
import { workspaceEdit } from '../window/ranges.ts';
import { showInformation } from '../window/say.ts';
import { outlineOf, weightNames, weightOf, weightStep, type SpecOutline } from './weights-text.ts';

/** The weight commands; arguments `(uri, task, value)`, all optional: from the palette they are asked for. */

interface Place {
  readonly document: vscode.TextDocument;
  readonly outline: SpecOutline;
}

export async function setWeight(store: RunStore, uri: unknown, task: unknown, value: unknown): Promise<void> {
  const place = await placeOf(uri);
  const name = place && (await taskOf(place, task));
  if (!place || name === undefined) return;
  const { fsPath } = place.document.uri;
  const forkable = store.entries.some((entry) => entry.specFile === fsPath && entry.forkable);
  const given = typeof value === 'number' ? { weight: value, fork: false } : undefined;
  const answer = given ?? (await askForWeight(place, name, forkable && vscode.workspace.isTrusted));
  if (answer === undefined) return;
  const { weight, fork } = answer;
  if (!Number.isFinite(weight) || weight < 0) throw new Error(notAWeight());
  await apply(place, editWeight(place.document.getText(), name, tidyWeight(weight)));
  const command: CommandId = 'mtl.forkRun';
  if (fork) await vscode.commands.executeCommand(command, place.document.uri);
}

export async function stepWeight(direction: -1 | 1, uri: unknown, task: unknown): Promise<void> {
  const place = await placeOf(uri);
  const name = place && (await taskOf(place, task));
  if (!place || name === undefined) return;
  const weight = weightOf(place.outline, name);
  if (weight === null)
    throw new Error(vscode.l10n.t('The weight of "{0}" is not a number. Set it first.', shorten(name)));
  await apply(place, editWeight(place.document.getText(), name, steppedWeight(weight, direction * weightStep)));
}

/** All tasks take part: one that is not named has weight 1 and is written down. */
export async function normalizeWeights(uri: unknown): Promise<void> {
  const place = await placeOf(uri);
  if (!place) return;
  const weights = weightNames(place.outline).map((task) => weightOf(place.outline, task) ?? 0);
  if (!weights.some((weight) => weight > 0)) {
    throw new Error(
      vscode.l10n.t('The weights sum to nothing, so they cannot be normalized. Give one task a weight above 0.'),
    );
  }
  await apply(place, normalizingEdits(place.document.getText()));
}

/** The spec that a command means: its argument (a lens gives a Uri, other people's calls a string), or the active editor. */
async function placeOf(argument: unknown): Promise<Place | undefined> {
  const uri = uriOf(argument) ?? vscode.window.activeTextEditor?.document.uri;
  if (!uri || !isSpec(uri)) {
    void showInformation(vscode.l10n.t('Open a .mtl.json file first.'));
    return undefined;
  }
  const document = await vscode.workspace.openTextDocument(uri);
  const outline = outlineOf(document.getText());
  if (!outline) throw new Error(vscode.l10n.t('The file holds no JSON object yet.'));
  return { document, outline };
}

async function taskOf({ outline }: Place, argument: unknown): Promise<string | undefined> {
  const names = weightNames(outline);
  if (typeof argument === 'string') {
    if (names.includes(argument)) return argument;
    throw new Error(vscode.l10n.t('There is no task "{0}" in this spec.', shorten(argument)));
  }
  const items = names.map((name) => ({ label: shorten(name).replaceAll('$(', '$\u200b('), name }));
  const placeHolder = vscode.l10n.t('Weight of which task?');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.name;
}

async function askForWeight(
  { outline }: Place,
  task: string,
  forkable: boolean,
): Promise<{ readonly weight: number; readonly fork: boolean } | undefined> {
  const current = weightOf(outline, task);
  const answer = await askWithFork({
    prompt: vscode.l10n.t('Weight of {0}', shorten(task)),
    value: current === null ? '' : weightText(current),
    forkable,
  });
  const weight = answer === undefined ? undefined : parseWeight(answer.text);
  return weight === undefined ? undefined : { weight, fork: answer?.fork === true };
}

interface Question {
  readonly prompt: string;
  readonly value: string;
  readonly forkable: boolean;
}

/** An input box with a button that sets the weight and goes on from a checkpoint with it. */
async function askWithFork({
  prompt,
  value,
  forkable,
}: Question): Promise<{ text: string; fork: boolean } | undefined> {
  const box = vscode.window.createInputBox();
  box.prompt = prompt;
  box.value = value;
  if (forkable) {
    const tooltip = vscode.l10n.t('Set the weight and fork the last run from a checkpoint');
    box.buttons = [{ iconPath: new vscode.ThemeIcon('git-branch'), tooltip }];
  }
  const check = (): boolean => {
    const fits = parseWeight(box.value) !== undefined;
    box.validationMessage = fits ? undefined : notAWeight();
    return fits;
  };
  const answered = new Promise<{ text: string; fork: boolean } | undefined>((resolve) => {
    box.onDidChangeValue(check);
    box.onDidAccept(() => check() && resolve({ text: box.value, fork: false }));
    box.onDidTriggerButton(() => check() && resolve({ text: box.value, fork: true }));
    box.onDidHide(() => resolve(undefined));
  });
  box.show();
  const answer = await answered;
  box.dispose();
  return answer;
}

function parseWeight(text: string): number | undefined {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

function notAWeight(): string {
  return vscode.l10n.t('A weight is a number from 0 up.');
}

async function apply({ document }: Place, edits: readonly TextEdit[]): Promise<void> {
  if (edits.length > 0) await vscode.workspace.applyEdit(workspaceEdit(document, edits));
}
