// What every script here needs: where the repository is, how to run a program, how to end a process tree.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder of the repository. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** A failure whose message is all that a person needs; scripts print it without a stack. */
export class ScriptError extends Error {
  /** @override */
  name = 'ScriptError';
}

/**
 * Runs a program to its end with this process's own input and output.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<number>} exit status; 1 when a signal ended it
 */
export async function runToEnd(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...options });
  const [code] = /** @type {[number | null]} */ (await once(child, 'exit'));
  return code ?? 1;
}

/**
 * As runToEnd, but an exit status other than 0 is an error.
 * @param {string} what the work in words, for the message
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export async function run(what, command, args, options = {}) {
  const code = await runToEnd(command, args, options).catch((error) => {
    throw new ScriptError(`${what} could not start ${command}: ${error instanceof Error ? error.message : error}`);
  });
  if (code !== 0) throw new ScriptError(`${what} failed (exit status ${code}); what it said is above.`);
}

/**
 * Runs a program and gives what it wrote.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 * @returns {Promise<{code: number, stdout: string, stderr: string}>}
 */
export async function capture(command, args, options = {}) {
  const child = spawn(command, args, { cwd: root, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (/** @type {string} */ text) => (stderr += text));
  const [code] = /** @type {[number | null]} */ (await once(child, 'close'));
  return { code: code ?? 1, stdout, stderr };
}

/**
 * Runs npm. Started through npm (`npm start`) its own script is known; otherwise the npm on the PATH is taken.
 * @param {string} what
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export async function npm(what, args, options = {}) {
  const script = process.env['npm_execpath'];
  if (script !== undefined && /npm-cli\.[cm]?js$/.test(script)) {
    await run(what, process.execPath, [script, ...args], options);
  } else {
    // On Windows npm is a .cmd file, which only a shell can start; no argument here comes from a stranger.
    await run(what, 'npm', args, { shell: process.platform === 'win32', ...options });
  }
}

/**
 * Ends a process that was started with `detached: true`, with everything below it; waits until it has gone.
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} [graceMilliseconds] time between asking and insisting
 */
export async function endGroup(child, graceMilliseconds = 5000) {
  const { pid } = child;
  if (pid === undefined) return;
  const signal = (/** @type {NodeJS.Signals} */ name) => {
    try {
      process.kill(process.platform === 'win32' ? pid : -pid, name);
      return true;
    } catch {
      return false; // no such group any more
    }
  };
  const gone = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, 'exit');
  if (signal('SIGTERM')) {
    const timer = setTimeout(() => signal('SIGKILL'), graceMilliseconds);
    await gone;
    clearTimeout(timer);
    signal('SIGKILL'); // helpers of the group that outlived their leader
  }
  await gone;
}

/**
 * A script's main function: prints a ScriptError as a sentence, anything else with its stack, and sets the exit status.
 * @param {() => Promise<number | void>} main
 */
export async function script(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    const text = error instanceof ScriptError ? error.message : error instanceof Error ? error.stack : String(error);
    process.stderr.write(`\n${text}\n`);
    process.exitCode = 1;
  }
}
