import * as vscode from 'vscode';
import { specFor, uriOf } from './window/arguments.ts';
import type { CommandId } from './window/ids.ts';
import { messageOf, log, report } from './window/log.ts';
import { openLog, pause, remove, resume, reveal, stop, usableRun } from './runs/run-commands.ts';
import type { ComparisonLoader } from './experiments/comparison-loader.ts';
import type { RunFolders } from './runs/run-folders.ts';
import type { RunStore } from './runs/run-store.ts';
import { isRun } from '../runs/layout.ts';
import { directoryOf, type RunsTree } from './runs/runs-tree.ts';
import type { SpecLoader } from './documents/spec-loader.ts';
import type { TrainingServices } from './training/train.ts';
import { trusted } from './window/trust.ts';

export interface CommandServices {
  readonly extension: vscode.Extension<unknown>;
  readonly folders: RunFolders;
  readonly store: RunStore;
  readonly specs: SpecLoader;
  readonly showLosses: () => Promise<void>;
  readonly comparisons: ComparisonLoader;
  readonly tree: RunsTree;
}

type Handler = (...args: readonly unknown[]) => Promise<unknown>;

/** Every command and what it does; the compiler says when one of the table of ids is missing. */
function handlers(services: CommandServices): Readonly<Record<CommandId, Handler>> {
  const { store, extension } = services;
  return {
    'mtl.train': async (uri) => (await import('./training/train.ts')).train(await training(services), uri),
    'mtl.trainWith': async (uri) => (await import('./training/train.ts')).trainWith(await training(services), uri),
    'mtl.compareRuns': async (argument, selected) =>
      (await import('./experiments/compare-runs.ts')).compareRuns(services.comparisons, store, argument, selected),
    'mtl.showDiagram': (uri) => showDiagram(services, uri),
    'mtl.compareDiagram': async (argument, selected) =>
      (await import('./panels/compare-diagram.ts')).compareDiagram(
        await services.specs.load(),
        store,
        argument,
        selected,
      ),
    'mtl.stop': (run) => stop(store, run),
    'mtl.pause': (run) => pause(store, run),
    'mtl.resume': (run) => resume(store, run),
    'mtl.resumeFromCheckpoint': async (run) =>
      (await import('./training/train.ts')).resumeFromCheckpoint(await training(services), run),
    'mtl.forkRun': async (run, given) =>
      (await import('./training/fork.ts')).forkRun(await training(services), run, given),
    'mtl.renameRun': async (run, name) => (await import('./runs/run-notes.ts')).renameRun(store, run, name),
    'mtl.noteRun': async (run, note) => (await import('./runs/run-notes.ts')).noteRun(store, run, note),
    'mtl.pinRun': async (run) => (await import('./runs/run-notes.ts')).pinRun(store, run),
    'mtl.filterRuns': (filter) => services.tree.askForFilter(filter),
    'mtl.setWeight': async (uri, task, value) =>
      (await import('./weights/weights.ts')).setWeight(store, uri, task, value),
    'mtl.increaseWeight': async (uri, task) => (await import('./weights/weights.ts')).stepWeight(1, uri, task),
    'mtl.decreaseWeight': async (uri, task) => (await import('./weights/weights.ts')).stepWeight(-1, uri, task),
    'mtl.normalizeWeights': async (uri) => (await import('./weights/weights.ts')).normalizeWeights(uri),
    'mtl.suggestWeights': async (uri, method) =>
      (await import('./weights/suggest.ts')).suggestWeights(extension.extensionUri, store, uri, method),
    'mtl.proposeGroups': async (run) =>
      (await import('./weights/propose-groups.ts')).proposeGroups(extension.extensionUri, store, run),
    'mtl.runExperiment': async (uri) =>
      (await import('./experiments/run-experiment.ts')).runExperiment(
        extension.extensionUri,
        await services.specs.load(),
        uri,
      ),
    'mtl.newSpec': async (begin) =>
      (await import('./create/new-spec.ts')).newSpec(extension.extensionUri, begin === 'sample' ? begin : uriOf(begin)),
    'mtl.openLog': (run) => openLog(store, run),
    'mtl.revealRun': (run) => reveal(store, run),
    'mtl.deleteRun': (run) => remove(store, run),
    'mtl.predict': (run) => useRun(services, run, 'predict'),
    'mtl.evaluate': (run) => useRun(services, run, 'evaluate'),
    'mtl.installRuntime': async () => {
      await (await import('./training/runtime.ts')).installRuntime(extension.extensionUri);
      (await import('./doctor/doctor-panel.ts')).refreshDoctor();
    },
    'mtl.doctor': async () => (await import('./doctor/doctor-panel.ts')).showDoctor(extension),
    'mtl.internal.showRun': async (argument) => {
      const directory = directoryOf(argument);
      if (directory !== undefined && isRun(directory)) store.show(directory);
      await services.showLosses();
    },
  };
}

async function training({ extension, folders, store, specs, showLosses }: CommandServices): Promise<TrainingServices> {
  const { documents } = await specs.load();
  return { extension, documents, folders, store, showLosses };
}

async function showDiagram({ specs }: CommandServices, argument: unknown): Promise<void> {
  const uri = await specFor(argument);
  if (uri) await (await specs.load()).diagrams.show(uri);
}

async function useRun(services: CommandServices, argument: unknown, verb: 'predict' | 'evaluate'): Promise<void> {
  const run = await usableRun(services.store, argument);
  if (!run || !(await trusted())) return;
  const verbs = await import('./training/use-run.ts');
  await verbs[verb](services.extension.extensionUri, run);
}

export function registerCommands(services: CommandServices): vscode.Disposable {
  const registered = Object.entries(handlers(services)).map(([id, handler]) =>
    vscode.commands.registerCommand(id, (...args: readonly unknown[]) => reported(() => handler(...args))),
  );
  return vscode.Disposable.from(...registered);
}

/** Everything thrown in a command is said, never as a bare stack. */
async function reported(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    log().debug(messageOf(error));
    await report(error);
  }
}
