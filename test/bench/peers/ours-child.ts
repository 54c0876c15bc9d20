/** The workbench in a process of its own: the trainer's way from a spec and a file to a step, on one engine. */
import fs from 'node:fs';
import path from 'node:path';
import type { EventInput } from '../../../src/runs/events.ts';
import { readSpec } from '../../../src/spec/index.ts';
import { chooseExecutor } from '../../../src/trainer/step/executors/table.ts';
import { NodeJSKernelBackend, type TFJSBinding } from '../../../src/engine/native/tfjs-node.ts';
import { openEngine } from '../../../src/engine/open.ts';
import type { Engine } from '../../../src/engine/contract.ts';
import { loadBatch } from '../../../src/trainer/prepare/load-batch.ts';
import { prepare, type Prepared } from '../../../src/trainer/prepare/prepare.ts';
import { eagerExecutor } from '../../../src/trainer/step/executors/eager/executor.ts';
import type { StepExecutor } from '../../../src/trainer/step/contract.ts';
import type { ExecutorFactory } from '../../../src/trainer/step/executors/contract.ts';
import { Training } from '../../../src/trainer/training/training.ts';
import { Warnings } from '../../../src/trainer/training/warnings.ts';
import { serve } from './child.ts';
import type { Answer, Exported, Load } from './protocol.ts';
import { batchPositions, workloads } from './workloads.ts';
import { product } from '../../../src/data/table.ts';

const [engineName = 'wasm', assetsDirectory = '', runtimeFolder = ''] = process.argv.slice(2);
let engine: Engine | undefined;

/** The variant whose steps run operation by operation where others are captured. */
const eagerVariant = 'native-eager';
const capturedVariant = 'native-captured';
const profiledVariant = 'native-profiled';

interface Loaded {
  readonly prepared: Prepared;
  readonly training: Training;
  readonly batches: readonly Int32Array[];
  step: number;
}

const loaded = new Map<string, Loaded>();

/** Records go nowhere: peers write none. */
const losses: (readonly number[])[] = [];
const append = (record: EventInput): void => {
  if (record.kind === 'step') losses.push([...record.losses.values()].map(Number));
};

/** Every executor that was made, to be freed with its training. */
const executors: StepExecutor[] = [];

function remembered(factory: ExecutorFactory): ExecutorFactory {
  return (context, update) => {
    const executor = factory(context, update);
    executors.push(executor);
    return executor;
  };
}

async function load({ folder, workload, batch, variant, spec: written }: Load): Promise<Answer> {
  const row = workloads[workload];
  const name = engineName === 'native' ? 'native' : 'wasm';
  engine ??= await openEngine(name, { assetsDirectory, runtimeFolder });
  const { spec, problems } = readSpec(JSON.stringify(written));
  const error = problems.find(({ severity }) => severity === 'error');
  if (!spec || error) return { ok: false, reason: error?.message.en ?? 'the spec cannot be read' };
  const place = { specFile: path.join(folder, 'spec.mtl.json'), root: folder, allowOutside: false };
  const prepared = await prepare({ spec, hash: 'bench', place, name: 'bench' }, () => undefined);
  const profiled = variant === profiledVariant;
  const { backend } = engine;
  if (profiled && backend instanceof NodeJSKernelBackend) backend.binding = watched(backend.binding);
  const graphs = name === 'native' && variant !== eagerVariant;
  const captured = graphs ? await chooseExecutor(engine, { onRefusal: () => undefined, always: true }) : null;
  const executor = remembered(captured?.factory ?? eagerExecutor);
  const training = new Training({ prepared, append, warnings: new Warnings(append), executor });
  const description = captured?.rehearse(() => {
    training.tryStep();
  });
  const mustBeGraph = variant === capturedVariant || profiled;
  if (mustBeGraph && description?.graph !== true)
    return { ok: false, reason: description?.detail.en ?? 'not captured' };
  loaded.set(variant, { prepared, training, batches: batchPositions(row, batch), step: 0 });
  return { ok: true, about: (description ?? engine.description).detail.en };
}

function of(variant: string): Loaded {
  const found = loaded.get(variant);
  if (!found) throw new Error(`${variant} is not loaded`);
  return found;
}

function oneStep(of: Loaded): void {
  const positions = of.batches[of.step++ % of.batches.length];
  if (!positions) throw new Error('there are no batches');
  of.training.step([positions]);
}

function time(variant: string, milliseconds: number): number[] {
  const training = of(variant);
  const times: number[] = [];
  const end = performance.now() + milliseconds;
  do {
    const start = performance.now();
    oneStep(training);
    times.push(performance.now() - start);
  } while (performance.now() < end);
  return times;
}

/** What the native library does in a step, by the addon's functions: milliseconds since the profile began. */
const library = new Map<string, number>();
let watching = false;

/** Puts a clock around every function of the addon, for the variant that is profiled and for no other. */
function watched(binding: TFJSBinding): TFJSBinding {
  const copy: Record<string, unknown> = {};
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(binding))) {
    const own: unknown = value;
    copy[name] = typeof own === 'function' ? clocked(name, own.bind(binding) as (...args: unknown[]) => unknown) : own;
  }
  return copy as unknown as TFJSBinding;
}

function clocked(name: string, call: (...args: unknown[]) => unknown): (...args: unknown[]) => unknown {
  return (...args) => {
    if (!watching) return call(...args);
    const start = performance.now();
    try {
      return call(...args);
    } finally {
      library.set(name, (library.get(name) ?? 0) + performance.now() - start);
    }
  };
}

/** Milliseconds of a step by part: the addon's functions, gathering batches and making tensors of them, and the rest. */
function profileOf(trial: Loaded, milliseconds: number): Record<string, number> {
  const { data, model, tasks } = trial.prepared;
  const names = tasks.map((task) => task.name);
  const fed = timesOfFeeding(() => {
    const positions = trial.batches[trial.step++ % trial.batches.length];
    if (positions) loadBatch(data.splits.train, positions, model.inputs, names).dispose();
  }, milliseconds / 4);
  library.clear();
  watching = true;
  let steps = 0;
  const begin = performance.now();
  while (performance.now() - begin < milliseconds) {
    oneStep(trial);
    steps++;
  }
  const whole = (performance.now() - begin) / steps;
  watching = false;
  const parts = [...library].map(([name, time]) => [name, time / steps] as const).filter(([, time]) => time > 0.001);
  const inLibrary = parts.reduce((sum, [, time]) => sum + time, 0);
  return {
    step: whole,
    ...Object.fromEntries(parts),
    'JavaScript and the rest': whole - inLibrary,
    'of it gathering a batch': fed,
  };
}

function timesOfFeeding(feed: () => void, milliseconds: number): number {
  let count = 0;
  const begin = performance.now();
  while (performance.now() - begin < milliseconds) {
    feed();
    count++;
  }
  return (performance.now() - begin) / count;
}

function write(folder: string, name: string, data: ArrayLike<number>): void {
  fs.writeFileSync(path.join(folder, name), new Uint8Array(Float32Array.from(data).buffer));
}

/** The split is in source order, so positions mean the same to everybody. */
function exportAll(folder: string): void {
  const [first] = loaded.entries();
  if (!first) throw new Error('nothing is loaded');
  const [, { prepared }] = first;
  const split = prepared.data.splits.train;
  const all = Int32Array.from({ length: split.n }, (_, index) => index);
  const input = split.inputs.get('x');
  if (!input) throw new Error('the data have no input "x"');
  write(folder, 'inputs.f32', input.gather(all));
  for (const [name, target] of split.targets) write(folder, `target-${name}.f32`, target.values.gather(all));
  prepared.model.variables.forEach(({ variable }, index) => {
    write(folder, `weight-${String(index)}.f32`, variable.dataSync());
  });
  const description: Omit<Exported, 'workload'> = {
    samples: split.n,
    shape: input.shape,
    targets: [...split.targets].map(([name, { values }]) => ({ name, width: product(values.shape) })),
    weights: prepared.model.variables.map((each) => ({ path: each.path, shape: each.variable.shape })),
  };
  fs.writeFileSync(path.join(folder, 'exported.json'), JSON.stringify(description));
}

function unload(): void {
  for (const executor of executors.splice(0)) executor.dispose();
  for (const { training, prepared } of loaded.values()) {
    training.optimizer.dispose();
    prepared.model.dispose();
  }
  loaded.clear();
}

void serve(async (request): Promise<Answer> => {
  switch (request.do) {
    case 'profile':
      return { ok: true, profile: profileOf(of(request.variant), request.milliseconds) };
    case 'load':
      return load(request);
    case 'export':
      exportAll(request.folder);
      return { ok: true };
    case 'losses': {
      const training = of(request.variant);
      losses.length = 0;
      for (let step = 0; step < request.steps; step++) {
        oneStep(training);
        // A record else holds the mean of several steps.
        training.training.flush();
      }
      return { ok: true, losses: [...losses] };
    }
    case 'time':
      return { ok: true, times: time(request.variant, request.milliseconds) };
    case 'unload':
      unload();
      return { ok: true };
  }
});
