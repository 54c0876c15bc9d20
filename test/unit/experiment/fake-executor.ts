/** An executor whose runs end at once, in the way that a test says. */
import { text, type Text } from '../../../src/common/text.ts';
import type { PlannedRun } from '../../../src/experiment/contract.ts';
import type { Executor, RunExit, RunPlace } from '../../../src/experiment/executors/contract.ts';
import { live, valueOf, type Fate } from './workplace.ts';

/** `hang`: it lives until it is asked to stop. */
export type Behavior = Fate | 'hang';

export class FakeExecutor implements Executor {
  readonly name = 'local';
  readonly says = text('as the test says', '按测试');
  readonly slots: number;
  /** Ids in the order in which they were started, and whether they were gone on with. */
  readonly submitted: { readonly run: PlannedRun; readonly resume: boolean }[] = [];
  readonly requests: string[] = [];
  readonly killed: string[] = [];
  closed = false;
  /** The most that were live at once. */
  most = 0;
  readonly #behave: (run: PlannedRun, time: number) => Behavior;
  readonly #exitOf: (run: PlannedRun) => RunExit;
  readonly #live = new Map<string, RunPlace>();
  #onEnd: (run: string, exit: RunExit) => void = () => undefined;

  /** @param behave what becomes of a run when it is started for the n-th time, from 1 */
  constructor(
    slots: number,
    behave: (run: PlannedRun, time: number) => Behavior,
    exitOf: (run: PlannedRun) => RunExit = () => ({}),
  ) {
    this.slots = slots;
    this.#behave = behave;
    this.#exitOf = exitOf;
  }

  whyNoRoom(): Text | null {
    return this.#live.size < this.slots ? null : text('all slots are taken', '名额已满');
  }

  submit(run: PlannedRun, place: RunPlace): Promise<void> {
    this.submitted.push({ run, resume: place.resume });
    this.#live.set(run.id, place);
    this.most = Math.max(this.most, this.#live.size);
    const times = this.submitted.filter((one) => one.run.id === run.id).length;
    const behavior = this.#behave(run, times);
    if (behavior !== 'hang') setImmediate(() => void this.#end(run, behavior));
    return Promise.resolve();
  }

  watch(onEnd: (run: string, exit: RunExit) => void): void {
    this.#onEnd = onEnd;
  }

  request(run: string, wish: string, by: string): void {
    this.requests.push(`${wish} ${by}`);
    const submitted = this.submitted.findLast((one) => one.run.id === run);
    if (wish === 'stop' && submitted && this.#live.has(run)) void this.#end(submitted.run, 'stop');
  }

  kill(run: string): void {
    this.killed.push(run);
  }

  collect(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.closed = true;
  }

  async #end(run: PlannedRun, fate: Fate): Promise<void> {
    const place = this.#live.get(run.id);
    if (place === undefined) return;
    await live(place.directory, fate, { value: valueOf(run), seed: run.seed });
    this.#live.delete(run.id);
    this.#onEnd(run.id, this.#exitOf(run));
  }
}
