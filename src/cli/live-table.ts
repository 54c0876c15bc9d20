/** Lines redrawn in place at the bottom of a terminal. */
import { plain } from './output.ts';
import { cut } from './width.ts';

interface Terminal {
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** Redraws are no closer than this, in milliseconds. */
const drawEvery = 100;

export class LiveTable {
  readonly #terminal: Terminal;
  #drawn: readonly string[] = [];
  #last = -Infinity;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** One column is left free: a full last column makes some terminals break the line. */
  get width(): number {
    return Math.max(20, this.#terminal.columns ?? 80) - 1;
  }

  draw(lines: readonly string[], now: number = performance.now()): void {
    if (now - this.#last < drawEvery && lines.length === this.#drawn.length) return;
    this.#last = now;
    // What has scrolled off the top of the window cannot be redrawn.
    const fitting = lines.slice(0, Math.max(1, (this.#terminal.rows ?? 24) - 1)).map(plain);
    this.#terminal.write(`${this.#erase()}${fitting.map((line) => `${line}\n`).join('')}`);
    this.#drawn = fitting;
  }

  /** A line that stays, above the table. */
  above(line: string): void {
    const table = this.#drawn.map((row) => `${row}\n`).join('');
    this.#terminal.write(`${this.#erase()}${cut(plain(line), this.width)}\n${table}`);
  }

  /** The table stays as it is; what is written next follows it. */
  leave(): void {
    this.#drawn = [];
  }

  /** Cursor to the first line of the table, everything below cleared. */
  #erase(): string {
    return this.#drawn.length === 0 ? '' : `\u001b[${this.#drawn.length}F\u001b[0J`;
  }
}
