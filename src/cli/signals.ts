/** What the person does to the process in front of them. */
import { onOutputLost, type Loss } from './output.ts';
import { t } from './language.ts';

/** A process that outlives this one, as a person sees it from a terminal. */
export interface Watched {
  /** Asks it to stop after a checkpoint. */
  stop(by: 'SIGINT' | 'SIGTERM'): void;
  /** Ends it at once. */
  kill(): void;
  /** Told when it was asked to stop. */
  readonly stopping: string;
  /** Told when it was killed. */
  readonly killed: string;
  /** Told when there is nobody any more to show it to: that it goes on, and how it is stopped. */
  readonly goesOn: string;
}

export class Signals {
  /** Exit code of the signal received; null while there is none. */
  code: number | null = null;
  /** There is nobody any more to show the run to. */
  left = false;
  onChange: () => void = () => undefined;
  readonly #watched: Watched;
  readonly #tell: (line: string) => void;
  readonly #handlers: readonly (readonly [NodeJS.Signals, () => void])[];
  readonly #unlisten: () => void;

  constructor(watched: Watched, tell: (line: string) => void) {
    this.#watched = watched;
    this.#tell = tell;
    this.#handlers = [
      ['SIGINT', () => this.#stop(130)],
      ['SIGTERM', () => this.#stop(143)],
      // The terminal went away; the run goes on.
      ['SIGHUP', () => this.#leave(129)],
    ];
    for (const [signal, handler] of this.#handlers) process.on(signal, handler);
    this.#unlisten = onOutputLost((loss) => this.#lost(loss));
  }

  close(): void {
    for (const [signal, handler] of this.#handlers) process.off(signal, handler);
    this.#unlisten();
  }

  #stop(code: number): void {
    if (this.code === code && code === 130) {
      this.#tell(this.#watched.killed);
      this.#watched.kill();
      return;
    }
    this.code ??= code;
    this.#watched.stop(code === 130 ? 'SIGINT' : 'SIGTERM');
    this.#tell(this.#watched.stopping);
    this.onChange();
  }

  /** As with a closed terminal: the run does not depend on who looks at it. */
  #lost(loss: Loss): void {
    // Ctrl-C ends the other programs of a pipe, too: its own signal may be on the way.
    setTimeout(() => {
      // Somebody who has asked it to stop is still there and waits.
      if (this.code === null) this.#leaveBecause(loss);
    }, 250);
  }

  #leaveBecause(loss: Loss): void {
    const closed = loss === 'closed';
    const why = closed ? t('Nobody reads the output any more. ', '输出已无人读取。') : '';
    this.#tell(`${why}${this.#watched.goesOn}`);
    // What a shell reports of a program that SIGPIPE ended.
    this.#leave(closed ? 141 : 1);
  }

  #leave(code: number): void {
    this.code = code;
    this.left = true;
    this.onChange();
  }
}
