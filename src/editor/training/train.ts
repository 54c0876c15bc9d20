import * as path from 'node:path';
import * as vscode from 'vscode';
import { parseSize } from '../../common/size.ts';
import { readAttempt } from '../../runs/attempts.ts';
import { engineToResume, lastStart } from '../../runs/fingerprints.ts';
import { readRunRecord } from '../../runs/frozen.ts';
import { createRun, launch, type Launched, type LaunchOptions } from '../../runs/launch.ts';
import { deleteRun } from '../../runs/list.ts';
import { applySettings, type Spec, type SpecReading } from '../../spec/index.ts';
import { specFor } from '../window/arguments.ts';
import { setting } from '../window/config.ts';
import { nameOf } from '../../runs/name.ts';
import { pick } from '../window/language.ts';
import { log, report } from '../window/log.ts';
import { resumableRun } from '../runs/run-commands.ts';
import { rootOf, type RunFolders } from '../runs/run-folders.ts';
import type { RunStore } from '../runs/run-store.ts';
import { isLive } from '../../common/run-state.ts';
import { showError, showInformation, showWarning } from '../window/say.ts';
import type { SpecDocuments } from '../documents/spec-documents.ts';
import { trusted } from '../window/trust.ts';

export interface TrainingServices {
  readonly extension: vscode.Extension<unknown>;
  readonly documents: SpecDocuments;
  readonly folders: RunFolders;
  readonly store: RunStore;
  readonly showLosses: () => Promise<void>;
}

/** What *Train with…* asks for; what is absent stays as in the spec. */
export interface Overrides {
  readonly engine?: string;
  readonly seed?: number;
  readonly epochs?: number;
}

/** Trains a spec: saves it, refuses it with its problems, starts the process and shows the losses. */
export async function train(services: TrainingServices, argument: unknown, overrides: Overrides = {}): Promise<void> {
  const uri = await specFor(argument);
  if (!uri || !(await trusted())) return;
  const document = await vscode.workspace.openTextDocument(uri);
  // As Run does: what is trained is what stands on disk.
  if (document.isDirty && !(await document.save())) return;
  const reading = await checkedSpec(services.documents, document);
  if (!reading) return;
  hintAtCores(services.store);
  const specFile = document.uri.fsPath;
  const { resolved, set } = withOverrides(reading, overrides);
  const directory = createRun({
    text: document.getText(),
    resolved,
    set,
    specFile,
    root: rootOf(specFile),
    name: nameOf(resolved.name, specFile),
    folder: services.folders.forNew(specFile),
  });
  const engine = overrides.engine ?? engineOf(resolved, document.uri);
  await start(services, directory, specFile, { engine, resume: false });
}

/** The reading of a clean text; otherwise shows the problems and answers undefined. */
async function checkedSpec(documents: SpecDocuments, document: vscode.TextDocument): Promise<SpecReading | undefined> {
  const { reading, problems } = await documents.settled(document);
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (!first && reading.spec) return reading;
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('workbench.actions.view.problems');
  const name = path.basename(document.uri.fsPath);
  const what = first ? pick(first.message) : '';
  const text =
    errors.length > 1
      ? vscode.l10n.t('{0} cannot be trained: {1} errors. The first: {2}', name, errors.length, what)
      : vscode.l10n.t('{0} cannot be trained: {1}', name, what);
  void showError(text);
  return undefined;
}

/** The resolved spec with other values of training, checked like text. */
function withOverrides(
  reading: SpecReading,
  overrides: Overrides,
): { readonly resolved: Spec; readonly set: readonly string[] } {
  const wanted = Object.entries({ seed: overrides.seed, epochs: overrides.epochs }).filter(
    ([, value]) => value !== undefined,
  );
  const settings = wanted.map(([key, value]) => ({ pointer: `/training/${key}`, value }));
  const { spec: resolved, problems } = applySettings(reading, settings);
  const error = problems.find(({ severity }) => severity === 'error');
  if (!resolved || error) throw new Error(error ? pick(error.message) : vscode.l10n.t('The spec cannot be read.'));
  return { resolved, set: settings.map(({ pointer, value }) => `${pointer}=${JSON.stringify(value)}`) };
}

/** The setting decides where the spec leaves it open. */
function engineOf(spec: Spec, uri: vscode.Uri): string {
  return spec.training.engine === 'auto' ? setting('mtl.training.engine', uri) : spec.training.engine;
}

/** Starts the process of a run that is made, and shows its losses. */
export async function start(
  services: TrainingServices,
  directory: string,
  specFile: string,
  wish: Pick<LaunchOptions, 'engine' | 'resume' | 'acceptChanges'>,
): Promise<void> {
  const { extension, store } = services;
  const uri = vscode.Uri.file(specFile);
  const manifest = extension.packageJSON as { readonly version?: string };
  const options: LaunchOptions = {
    trainerFile: vscode.Uri.joinPath(extension.extensionUri, 'dist', 'trainer.cjs').fsPath,
    ...wish,
    root: rootOf(specFile),
    allowOutside: setting('mtl.paths.allowOutsideWorkspace', uri),
    keepAliveMinutes: Math.max(0, setting('mtl.training.keepAliveAfterClose', uri)),
    ...memoryOf(setting('mtl.training.memory', uri)),
    versions: { mtl: manifest.version ?? '', vscode: vscode.version },
  };
  const launched = await launch(directory, options);
  log().info(`Started ${path.basename(directory)} as process ${launched.pid}.`);
  // How a trainer died is known to its launcher first: the state is looked at as soon as it ends.
  void launched.exited
    .then(async ({ unwritable }) => {
      store.scan();
      if (unwritable) throw unwritable;
      const goOn = (): Promise<void> => start(services, directory, specFile, { ...wish, acceptChanges: true });
      await tellRefusal(launched, goOn, () => store.forget(directory));
    })
    .catch(report);
  store.started(directory, specFile);
  await services.showLosses();
}

/** A run that was not gone on with: why, and where that helps the way to go on all the same. */
async function tellRefusal(
  { directory, attempt }: Launched,
  goOn: () => Promise<void>,
  forget: () => void,
): Promise<void> {
  const ended = readAttempt(directory, attempt)?.ended;
  if (ended?.status !== 'refused') return;
  const { message = '', zh = message, changes } = ended;
  if (!changes) {
    void showError(pick({ en: message, zh }));
    return;
  }
  if (readRunRecord(directory).fork && lastStart(directory) === null) {
    await tellRefusedFork(directory, pick(changes), goOn, forget);
    return;
  }
  const text = vscode.l10n.t(
    '"{0}" was not resumed, because what it depends on has changed since it was last started: {1}. Put it back as it was, or resume all the same; the result then says so.',
    path.basename(directory),
    pick(changes),
  );
  const anyway = vscode.l10n.t('Resume Anyway');
  if ((await showWarning(text, anyway)) === anyway && (await trusted())) await goOn();
}

/** A fork that is not begun all the same leaves nothing behind. */
async function tellRefusedFork(
  directory: string,
  changes: string,
  goOn: () => Promise<void>,
  forget: () => void,
): Promise<void> {
  const text = vscode.l10n.t(
    'No fork is made, because what its parent depended on has changed since: {0}. Put it back as it was, or fork all the same; the result then says so.',
    changes,
  );
  const anyway = vscode.l10n.t('Fork Anyway');
  if ((await showWarning(text, anyway)) === anyway && (await trusted())) {
    await goOn();
    return;
  }
  if (deleteRun(directory)) forget();
}

/** What the setting allows; the spec, or what is free, decides where it is empty or no size. */
function memoryOf(memory: string): { readonly memory?: string } {
  return parseSize(memory) === undefined ? {} : { memory };
}

/** Goes on with a stopped, crashed or failed run from its last checkpoint. */
export async function resumeFromCheckpoint(services: TrainingServices, argument: unknown): Promise<void> {
  const run = await resumableRun(services.store, argument);
  if (!run || !(await trusted())) return;
  const engine = engineToResume(run.directory, undefined);
  await start(services, run.directory, run.specFile ?? run.directory, { engine, resume: true });
}

function hintAtCores(store: RunStore): void {
  const busy = store.tracked.find((run) => isLive(run.state));
  if (!busy) return;
  void showInformation(
    vscode.l10n.t('"{0}" is training, too: both share the cores of this machine and become slower.', busy.name),
  );
}

/** Asks for engine, seed and epochs, then trains. Empty answers leave the spec's values. */
export async function trainWith(services: TrainingServices, argument: unknown): Promise<void> {
  const uri = await specFor(argument);
  if (!uri || !(await trusted())) return;
  const { reading } = services.documents.get(await vscode.workspace.openTextDocument(uri));
  const engine = await askForEngine();
  if (engine === undefined) return;
  const seed = await askForCount(vscode.l10n.t('Seed'), reading.spec?.training.seed, 0);
  if (seed === undefined) return;
  const epochs = await askForCount(vscode.l10n.t('Epochs'), reading.spec?.training.epochs, 1);
  if (epochs === undefined) return;
  await train(services, uri, { engine, ...(seed === '' ? {} : { seed }), ...(epochs === '' ? {} : { epochs }) });
}

async function askForEngine(): Promise<string | undefined> {
  const items = [
    { label: 'auto', description: vscode.l10n.t('native where it is installed, else embedded') },
    { label: 'wasm', description: vscode.l10n.t('embedded engine, no installation') },
    { label: 'native', description: vscode.l10n.t('native engine only') },
  ];
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which engine?') }))?.label;
}

async function askForCount(
  title: string,
  current: number | undefined,
  least: number,
): Promise<number | '' | undefined> {
  const answer = await vscode.window.showInputBox({
    title,
    value: current === undefined ? '' : String(current),
    validateInput: (text) =>
      /^\s*\d{0,9}\s*$/.test(text) && (text.trim() === '' || Number(text) >= least)
        ? undefined
        : vscode.l10n.t('A whole number from {0}.', least),
  });
  if (answer === undefined) return undefined;
  return answer.trim() === '' ? '' : Number(answer);
}
