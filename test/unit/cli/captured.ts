/** What is written to both outputs of this process while something works. */

export interface Captured<T> {
  readonly result: T;
  readonly out: string;
  readonly err: string;
}

export interface CaptureOptions {
  /** Whether both are terminals. */
  readonly tty?: boolean;
  /** What the terminal says it is, whatever this one is. */
  readonly term?: string;
  /** Called with what is written to stderr. */
  readonly shown?: ((text: string) => void) | undefined;
}

export async function captured<T>(work: () => Promise<T>, options: CaptureOptions = {}): Promise<Captured<T>> {
  const written = { stdout: '', stderr: '' };
  const restore = (['stdout', 'stderr'] as const).map((name) => {
    const own = Object.getOwnPropertyDescriptor(process, name) ?? {};
    const write = (text: string): boolean => {
      written[name] += text;
      if (name === 'stderr') options.shown?.(text);
      return true;
    };
    const value = { write, isTTY: options.tty ?? false, columns: 100, rows: 40, on: () => undefined };
    Object.defineProperty(process, name, { configurable: true, value });
    return () => void Object.defineProperty(process, name, own);
  });
  const term = process.env['TERM'];
  process.env['TERM'] = options.term ?? 'xterm';
  try {
    const result = await work();
    return { result, out: written.stdout, err: written.stderr };
  } finally {
    for (const undo of restore) undo();
    if (term === undefined) delete process.env['TERM'];
    else process.env['TERM'] = term;
  }
}
