/**
 * TensorFlow's library writes its own log straight to the process's stderr, where nothing in JavaScript can stop it. A
 * verb that loads the library therefore runs in a process of its own, and what is mere information is left out; in a
 * training it stands in log.txt.
 */
import { spawn } from 'node:child_process';
import * as os from 'node:os';
import { currentRuntime } from '../runtime/installed.ts';
import { runtimeFolder } from '../runtime/layout.ts';
import { printProgress } from './output.ts';

/** Set for the inner process. */
const inner = 'MTL_ENGINE_PROCESS';

/** Whether this process would have the engine's log on its stderr. */
export function engineWouldLog(): boolean {
  return process.env[inner] === undefined && currentRuntime(runtimeFolder()) !== null;
}

/** The same command line in a process of its own. @returns its exit code */
export function runApart(argv: readonly string[]): Promise<number> {
  const script = process.argv[1] ?? '';
  const child = spawn(process.execPath, [...process.execArgv, script, ...argv], {
    env: { ...process.env, [inner]: '1' },
    stdio: ['inherit', 'inherit', 'pipe'],
    windowsHide: true,
  });
  const lines = new Lines((line) => {
    if (!isEngineInformation(line)) printProgress(line);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => lines.add(text));
  // A terminal sends Ctrl-C to both: the inner one decides what becomes of it.
  const wait = (): void => undefined;
  process.on('SIGINT', wait);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      process.off('SIGINT', wait);
      lines.end();
      resolve(code ?? 128 + (signal === null ? 0 : os.constants.signals[signal]));
    });
  });
}

/** Cuts a stream of text into lines, each with its end. */
export class Lines {
  #rest = '';
  readonly #take: (line: string) => void;

  constructor(take: (line: string) => void) {
    this.#take = take;
  }

  add(text: string): void {
    const parts = (this.#rest + text).split(/(?<=\n)/);
    this.#rest = parts.at(-1)?.endsWith('\n') === true ? '' : (parts.pop() ?? '');
    for (const line of parts) this.#take(line);
  }

  end(): void {
    if (this.#rest !== '') this.#take(this.#rest);
    this.#rest = '';
  }
}

/** A line of absl's log of level INFO, or its notice that it logs to stderr at all. Warnings and errors are not. */
export function isEngineInformation(line: string): boolean {
  return /^I\d{4} \d{2}:\d{2}:\d+\.\d+ |^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d+: I |^WARNING: All log messages before absl::InitializeLog\(\)/.test(
    line,
  );
}
