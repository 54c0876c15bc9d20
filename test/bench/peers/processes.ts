/** The benchmark's side of the protocol: starts processes, asks them one at a time. */
import { spawn, type ChildProcess } from 'node:child_process';
import readline from 'node:readline';
import type { Answer, Request } from './protocol.ts';

export interface Peer {
  /** Rejects when the process has ended; what it wrote to standard error last is in the message. */
  ask(request: Request): Promise<Answer>;
  end(): void;
}

/** Starts a process and waits until it is ready for requests. */
export async function startPeer(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Peer> {
  const child = spawn(command, [...args], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const errors: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors.push(text);
    if (errors.length > 20) errors.shift();
  });
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]() as AsyncIterator<
    string,
    undefined
  >;
  const answer = async (): Promise<Answer> => {
    for (;;) {
      const line = await lines.next();
      if (line.done === true) throw new Error(`${command} ended: ${errors.join('').trim().slice(-500)}`);
      // Libraries may talk, too.
      if (line.value.startsWith('{"ok"')) return JSON.parse(line.value) as Answer;
    }
  };
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  await Promise.race([answer(), failed]);
  return {
    ask(request) {
      child.stdin.write(`${JSON.stringify(request)}\n`);
      return answer();
    },
    end: () => kill(child),
  };
}

function kill(child: ChildProcess): void {
  child.stdin?.end();
  child.kill('SIGKILL');
}
