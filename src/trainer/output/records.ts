/** The records a run writes, made from what it knows: Maps wherever names are keys, in source order. */
import { keyOfSizes } from '../../runs/known-sizes.ts';
import { sizesKey, sizesOf } from '../../plan/index.ts';
import type { DataFacts } from '../../plan/plan.ts';
import type { Spec } from '../../spec/index.ts';
import type {
  EngineRecord,
  EventInput,
  WithMaps,
  SampleCounts,
  SplitCounts,
  ParameterRecord,
  ResumedFrom,
  StorageRecord,
} from '../../runs/events.ts';
import { acceptedRecord, type AcceptedChange } from '../../runs/fingerprints.ts';
import { forkFacts, type ForkRecord } from '../../runs/fork/record.ts';
import type { Samples } from '../../samples/labels.ts';
import type { EngineDescription } from '../../engine/contract.ts';
import type { Model } from '../model/build.ts';
import type { PassResult } from '../state/totals.ts';
import type { Task } from '../tasks/contract.ts';

type Start = Extract<EventInput, { readonly kind: 'start' }>;
type Split = {
  losses: ReadonlyMap<string, number | null>;
  metrics: ReadonlyMap<string, ReadonlyMap<string, number | null>>;
};

export interface StartFacts {
  readonly attempt: number;
  readonly engine: EngineDescription;
  readonly tasks: readonly Task[];
  readonly model: Model;
  readonly samples: Samples;
  /** Of all rows. */
  readonly data: DataFacts;
  readonly spec: Spec;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
  readonly strategy: string;
  readonly seed: number;
  readonly storage: StorageRecord;
  readonly accepted: readonly AcceptedChange[];
  readonly fork: ForkRecord | undefined;
  readonly resumedFrom: ResumedFrom | null;
}

export function startRecord(facts: StartFacts): Start {
  const { attempt, engine, stepsPerEpoch, epochs, strategy, seed, resumedFrom } = facts;
  const { streamed, memory, disk } = facts.storage;
  return {
    kind: 'start',
    attempt,
    engine: engineRecord(engine),
    tasks: facts.tasks.map(taskRecord),
    parameters: countParameters(facts.model),
    samples: sampleCounts(facts.samples, facts.tasks),
    stepsPerEpoch,
    epochs,
    strategy,
    seed,
    storage: { streamed, memory, disk },
    ...sizesRecord(facts),
    ...(facts.accepted.length === 0 ? {} : { acceptedChanges: facts.accepted.map(acceptedRecord) }),
    ...(facts.fork === undefined ? {} : { fork: forkFacts(facts.fork) }),
    ...(resumedFrom ? { resumedFrom } : {}),
  };
}

function sizesRecord({ data, spec }: StartFacts): Pick<Start, 'sizes'> {
  const sizes = sizesOf(data);
  return sizes === undefined ? {} : { sizes: { key: keyOfSizes(sizesKey(spec)), ...sizes } };
}

/** An engine as the `start` record and `result.json` tell of it. */
export function engineRecord({ name, device, detail, graph, threads, deterministic }: EngineDescription): EngineRecord {
  return { name, device, detail: detail.en, zh: detail.zh, graph, threads, deterministic };
}

function taskRecord({ name, type, lossName, metrics, primary }: Task): Start['tasks'][number] {
  return {
    name,
    type,
    loss: lossName,
    metrics,
    primary: primary.name,
    higherIsBetter: primary.higherIsBetter,
  };
}

/** Counted on the model itself: all weights, those that several task losses reach, and those of one task alone. */
export function countParameters(model: Model): WithMaps<ParameterRecord> {
  const size = (keep: (tasks: readonly string[]) => boolean): number =>
    model.variables.reduce((sum, { variable, tasks }) => sum + (keep(tasks) ? variable.size : 0), 0);
  return {
    total: size(() => true),
    shared: size((tasks) => tasks.length > 1),
    byTask: new Map(model.tasks.map((task) => [task, size((tasks) => tasks.length === 1 && tasks[0] === task)])),
  };
}

export function sampleCounts(samples: Samples, tasks: readonly Task[]): WithMaps<SampleCounts> {
  const none: SplitCounts = { train: 0, validation: 0, test: 0 };
  const { train, validation, test, labeled } = samples;
  const countsOf = (name: string): SplitCounts => (Object.hasOwn(labeled, name) ? (labeled[name] ?? none) : none);
  return { train, validation, test, labelled: new Map(tasks.map(({ name }) => [name, countsOf(name)])) };
}

export function splitRecord({ losses, metrics }: Pick<PassResult, 'losses' | 'metrics'>): Split {
  return { losses, metrics };
}

/** One element of `splits` in `result.json`, also what `evaluate` gives. */
export function splitSummary(n: number, result: PassResult): Split & { readonly n: number } {
  return { n, ...splitRecord(result) };
}
