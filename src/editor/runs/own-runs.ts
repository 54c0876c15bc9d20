/** Which runs this window started: of those alone it tells that they failed. Pure but for the memory that it is given. */

/** The part of a `vscode.Memento` that is needed. */
interface Memory {
  get<T>(key: string, fallback: T): T;
  update(key: string, value: unknown): Thenable<void>;
}

const key = 'mtl.ownRuns';
/** Runs whose end no window has seen are forgotten some day. */
const most = 50;

/** Remembered by the workspace: a run goes on while its window is loaded anew, and is still that window's afterwards. */
export class OwnRuns {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  has(directory: string): boolean {
    return this.#all().includes(directory);
  }

  add(directory: string): void {
    const others = this.#all().filter((one) => one !== directory);
    void this.#memory.update(key, [...others, directory].slice(-most));
  }

  /** It has ended: whoever goes on with it may be somebody else. */
  remove(directory: string): void {
    if (this.has(directory)) {
      void this.#memory.update(
        key,
        this.#all().filter((one) => one !== directory),
      );
    }
  }

  #all(): readonly string[] {
    return this.#memory.get<readonly string[]>(key, []);
  }
}
