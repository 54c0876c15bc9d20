/** A pool of trainers on this machine. They outlive the driver: a new one takes over those that are alive. */
import { isLive } from '../../common/run-state.ts';
import { makePlan, estimateMemory } from '../../plan/index.ts';
import { threadsFor } from '../../plan/threads.ts';
import { request, type ControlRequest } from '../../runs/control.ts';
import { RunError } from '../../runs/error.ts';
import { killRun, launch } from '../../runs/launch.ts';
import { glance } from '../../runs/list.ts';
import { liveHolder } from '../../runs/lock.ts';
import type { Text } from '../../common/text.ts';
import type { PlannedRun } from '../contract.ts';
import { slotsFor, whyNoRoom, type Load } from '../driver/slots.ts';
import { trainedForm } from '../identity.ts';
import type { Executor, LocalSettings, RunExit, RunPlace } from './contract.ts';
import { processMemory } from './process-memory.ts';

/** Milliseconds between two looks at what runs hold, and at runs whose end no system tells this process of. */
const lookEvery = 300;
/** A trainer has at least so much for its data, in MiB; more than it needs is read from disk meanwhile. */
const leastData = 64;
/** Share of the free memory that the data of all runs may take, as for one run alone. */
const dataShare = 0.5;

interface Live {
  readonly run: PlannedRun;
  readonly directory: string;
  /** Null until the trainer that was taken over is seen. */
  pid: number | null;
  /** Started by this process, which is told of its end. */
  readonly own: boolean;
  /** For requests before it holds its lock. */
  readonly token: string | null;
  /** The most that it was seen to hold, in bytes. */
  peak: number;
}

export function localExecutor(settings: LocalSettings): Executor {
  return new LocalExecutor(settings);
}

class LocalExecutor implements Executor {
  readonly name = 'local';
  readonly #settings: LocalSettings;
  readonly #live = new Map<string, Live>();
  /** The most that runs of a variant were seen to hold, in bytes. */
  readonly #measured = new Map<string, number>();
  readonly #estimates = new Map<string, Pick<Load, 'bytes' | 'threads'>>();
  readonly #timer: NodeJS.Timeout;
  #onEnd: (run: string, exit: RunExit) => void = () => undefined;

  constructor(settings: LocalSettings) {
    this.#settings = settings;
    this.#timer = setInterval(() => this.#look(), lookEvery);
  }

  get slots(): number {
    return this.#slots().slots;
  }

  get says(): Text {
    return this.#slots().says;
  }

  #slots(threads = this.#settings.threads): ReturnType<typeof slotsFor> {
    const { jobs, processors, device, engine } = this.#settings;
    return slotsFor({ jobs, processors, threads, gpu: engine === 'native' && device !== 'cpu' });
  }

  watch(onEnd: (run: string, exit: RunExit) => void): void {
    this.#onEnd = onEnd;
  }

  whyNoRoom(run: PlannedRun): Text | null {
    const { processors, available } = this.#settings;
    const live = [...this.#live.values()].map((one): Load => {
      const taken = one.pid === null ? null : (processMemory(one.pid)?.now ?? null);
      return { ...this.#loadOf(one.run), taken };
    });
    const next = this.#loadOf(run);
    // By the run's own threads: an arm may be wider or narrower than the spec as it stands.
    const { slots } = this.#slots(Math.min(next.threads, ...live.map(({ threads }) => threads)));
    return whyNoRoom(next, live, { slots, processors, available: available() });
  }

  async submit(run: PlannedRun, { directory, resume }: RunPlace): Promise<void> {
    if (this.#live.has(run.id)) return;
    try {
      const launched = await launch(directory, { ...this.#launchOptions(run), resume });
      this.#live.set(run.id, {
        ...{ run, directory, pid: launched.pid, own: true, token: launched.token, peak: 0 },
      });
      void launched.exited.then(({ code, signal, unwritable }) => {
        this.#ended(run.id, { code, signal, ...(unwritable ? { unwritable: unwritable.text } : {}) });
      });
    } catch (error) {
      if (!(error instanceof RunError) || error.code !== 'alive') throw error;
      this.#takeOver(run, directory);
    }
  }

  #takeOver(run: PlannedRun, directory: string): void {
    const pid = liveHolder(directory)?.pid ?? null;
    this.#live.set(run.id, { run, directory, pid, own: false, token: null, peak: 0 });
  }

  #launchOptions({ variant: { spec } }: PlannedRun): Omit<Parameters<typeof launch>[1], 'resume'> {
    const { trainerFile, root, allowOutside, engine, version, nodeArguments, available } = this.#settings;
    // Beside others a trainer must not take half of what is free, as one alone does. The numbers are the same.
    const share = Math.floor((dataShare * available()) / this.slots / 2 ** 20);
    const memory =
      this.slots > 1 && spec.data.memory === undefined ? `${String(Math.max(leastData, share))} MB` : undefined;
    return {
      ...{ trainerFile, root, allowOutside, engine, memory },
      // The driver may end while its runs go on; a window has no part in it.
      keepAliveMinutes: 0,
      versions: { mtl: version },
      ...(nodeArguments === undefined ? {} : { nodeArguments }),
    };
  }

  request(id: string, wish: ControlRequest, by: string): void {
    const live = this.#live.get(id);
    if (live === undefined) return;
    try {
      request(live.directory, wish, { by, ...(live.token === null ? {} : { token: live.token }) });
    } catch (error) {
      // It has ended, and its end is about to be told.
      if (!(error instanceof RunError) || error.code !== 'not-alive') throw error;
    }
  }

  kill(id: string): void {
    const live = this.#live.get(id);
    if (live !== undefined) killRun(live.directory);
  }

  /** The run's directory lies on this machine. */
  collect(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    for (const [id, live] of this.#live) {
      if (!live.own) live.pid = liveHolder(live.directory)?.pid ?? live.pid;
      const held = live.pid === null ? null : processMemory(live.pid);
      live.peak = Math.max(live.peak, held?.peak ?? 0);
      // A trainer that a driver before has just started has no lock yet: by its attempt it counts as alive.
      if (!live.own && !isLive(glance(live.directory).state)) this.#ended(id, {});
    }
  }

  #ended(id: string, exit: RunExit): void {
    const live = this.#live.get(id);
    if (live === undefined) return;
    this.#live.delete(id);
    const { hash } = live.run.variant;
    if (live.peak > 0) this.#measured.set(hash, Math.max(live.peak, this.#measured.get(hash) ?? 0));
    this.#onEnd(id, exit);
  }

  /** Threads by the spec; bytes as measured of runs of the same variant, else as estimated from its plan. */
  #loadOf({ variant }: PlannedRun): Pick<Load, 'bytes' | 'threads'> {
    const estimate = this.#estimates.get(variant.hash) ?? this.#estimate(variant.spec);
    this.#estimates.set(variant.hash, estimate);
    return { ...estimate, bytes: this.#measured.get(variant.hash) ?? estimate.bytes };
  }

  #estimate(spec: PlannedRun['variant']['spec']): Pick<Load, 'bytes' | 'threads'> {
    const { engine, processors } = this.#settings;
    const { plan } = makePlan(spec);
    return {
      // Of a spec without a plan nothing would have been planned.
      bytes: plan === undefined ? 0 : estimateMemory(plan, engine).process.likely,
      // The embedded engine computes in one thread.
      threads: engine === 'wasm' ? 1 : threadsFor(trainedForm(spec), processors),
    };
  }
}
