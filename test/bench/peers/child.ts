/** A benchmark process's side of the protocol. */
import readline from 'node:readline';
import type { Answer, Request } from './protocol.ts';

/** Answers requests one after the other, until standard input ends. What fails is an answer with its reason. */
export async function serve(handle: (request: Request) => Promise<Answer> | Answer): Promise<void> {
  const tell = (answer: Answer): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);
  tell({ ok: true });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    try {
      tell(await handle(JSON.parse(line) as Request));
    } catch (error) {
      tell({ ok: false, reason: error instanceof Error ? error.message : String(error) });
    }
  }
}
