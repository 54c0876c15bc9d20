import * as vscode from 'vscode';
import type { DiagramPanels } from './diagram-panel.ts';
import type { CommandId } from './ids.ts';
import { openLog, pause, remove, resume, reveal, stop, usableRun } from './run-commands.ts';
import { directoryOf } from './runs-tree.ts';
import { reported, resumeFromCheckpoint, specFor, train, trainWith, type TrainingServices } from './train.ts';
import { trusted } from './trust.ts';
import { normalizeWeights, setWeight, stepWeight, uriOf } from './weights.ts';

export interface CommandServices extends TrainingServices {
  readonly diagrams: DiagramPanels;
}

type Handler = (...args: readonly unknown[]) => Promise<unknown>;

/** Every command and what it does; the compiler says when one of the table of ids is missing. */
function handlers(services: CommandServices): Readonly<Record<CommandId, Handler>> {
  const { store, diagrams, extension } = services;
  return {
    'mtl.train': (uri) => train(services, uri),
    'mtl.trainWith': (uri) => trainWith(services, uri),
    'mtl.showDiagram': async (argument) => {
      const uri = await specFor(argument);
      if (uri) await diagrams.show(uri);
    },
    'mtl.stop': (run) => stop(store, run),
    'mtl.pause': (run) => pause(store, run),
    'mtl.resume': (run) => resume(store, run),
    'mtl.resumeFromCheckpoint': (run) => resumeFromCheckpoint(services, run),
    'mtl.setWeight': (uri, task, value) => setWeight(uri, task, value),
    'mtl.increaseWeight': (uri, task) => stepWeight(1, uri, task),
    'mtl.decreaseWeight': (uri, task) => stepWeight(-1, uri, task),
    'mtl.normalizeWeights': (uri) => normalizeWeights(uri),
    'mtl.newSpec': async (uri) => (await import('./new-spec.ts')).newSpec(extension.extensionUri, uriOf(uri)),
    'mtl.openLog': (run) => openLog(store, run),
    'mtl.revealRun': (run) => reveal(store, run),
    'mtl.deleteRun': (run) => remove(store, run),
    'mtl.predict': (run) => useRun(services, run, 'predict'),
    'mtl.evaluate': (run) => useRun(services, run, 'evaluate'),
    'mtl.doctor': async () => (await import('./verbs.ts')).doctor(extension.extensionUri),
    'mtl.internal.showRun': async (argument) => {
      const directory = directoryOf(argument);
      if (directory !== undefined && store.entry(directory)) store.show(directory);
      await services.showLosses();
    },
  };
}

async function useRun(services: CommandServices, argument: unknown, verb: 'predict' | 'evaluate'): Promise<void> {
  const run = await usableRun(services.store, argument);
  if (!run || !(await trusted())) return;
  const verbs = await import('./verbs.ts');
  await verbs[verb](services.extension.extensionUri, run);
}

export function registerCommands(services: CommandServices): vscode.Disposable {
  const registered = Object.entries(handlers(services)).map(([id, handler]) =>
    vscode.commands.registerCommand(id, (...args: readonly unknown[]) => reported(() => handler(...args))),
  );
  return vscode.Disposable.from(...registered);
}
