/** Runs the command line inside the test's own process: what it printed, and its exit code. */
import assert from 'node:assert/strict';
import { mistakesIn } from '../../../scripts/lib/heard.mjs';
import { language } from '../../../src/cli/language.ts';
import { complain, run } from '../../../src/cli/run.ts';

export interface Printed {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** @param cwd where the person stands */
export async function within(argv: readonly string[], cwd: string = process.cwd()): Promise<Printed> {
  const printed = { out: '', err: '' };
  const replace = (name: 'stdout' | 'stderr', to: 'out' | 'err'): (() => void) => {
    const own = Object.getOwnPropertyDescriptor(process, name) ?? {};
    const write = (text: string): boolean => {
      printed[to] += text;
      return true;
    };
    Object.defineProperty(process, name, { configurable: true, value: { write, isTTY: false, on: () => undefined } });
    return () => void Object.defineProperty(process, name, own);
  };
  const before = process.cwd();
  const back = [replace('stdout', 'out'), replace('stderr', 'err')];
  process.chdir(cwd);
  try {
    const code = await run(argv).catch(complain);
    if (language() === 'zh') assertChinese(printed);
    return { code, ...printed };
  } finally {
    process.chdir(before);
    for (const undo of back) undo();
  }
}

/** Whatever is printed where the person reads Chinese: no English sentence, no half-width marks between Chinese characters. */
function assertChinese({ out, err }: { readonly out: string; readonly err: string }): void {
  for (const line of `${out}\n${err}`.split('\n')) {
    // What programs read: JSON, Mermaid, and what stands before the sentence of a problem.
    if (/^\s*(?:[[{}\]"]|acc(?:Title|Descr)\b)/.test(line)) continue;
    const sentence = line.replace(/^(?:mtl: |.*:\d+:\d+: (?:错误|警告|提示): |[✗✓] \w+: )/, '');
    assert.deepEqual(mistakesIn('', sentence), [], line);
  }
}
