/** Programs that are run to their end, and what is read from what they and files say. */
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { needsLibstdcxx, newestGlibc } from '../../../src/runtime/elf.ts';
import { sha256OfFile } from '../../../src/files/hash.ts';
import { sha256File } from '../../../src/runtime/hash.ts';
import { runtimeFolder } from '../../../src/runtime/layout.ts';
import { probe } from '../../../src/runtime/probe.ts';
import { runProgram } from '../../../src/runtime/process.ts';
import { findPython, onPath } from '../../../src/runtime/python.ts';
import { RuntimeError } from '../../../src/runtime/error.ts';

const node = process.execPath;
const run = (code: string, options: Parameters<typeof runProgram>[2] = {}): ReturnType<typeof runProgram> =>
  runProgram(node, ['-e', code], options);

function folderFor(context: TestContext): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-process-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function program(file: string, body: string): string {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `#!${node}\n${body}`, { mode: 0o755 });
  return file;
}

const code = (wanted: string) => (error: unknown) => error instanceof RuntimeError && error.code === wanted;

test('what a program said on either side, and how it ended', async (context) => {
  const cwd = fs.realpathSync(folderFor(context));
  const text = "console.log(process.cwd(), process.env.WORD); console.error('分'); process.exitCode = 3";
  const said = await run(text, { cwd, env: { WORD: 'w' } });
  assert.deepEqual(said, { code: 3, signal: null, stdout: `${cwd} w\n`, stderr: '分\n' });
  const killed = await run("process.kill(process.pid, 'SIGTERM'); setTimeout(() => {}, 60000)");
  assert.deepEqual([killed.code, killed.signal], [null, 'SIGTERM']);
  await assert.rejects(runProgram(path.join(cwd, 'none'), []), { code: 'ENOENT' });
});

test('of very much text the last megabyte is kept', async () => {
  const { stdout, stderr } = await run("for (const to of ['stdout', 'stderr']) { process[to].write('x'.repeat(1 << 20)); process[to].write('end'); }"); // prettier-ignore
  for (const said of [stdout, stderr]) {
    assert.equal(said.length, 1 << 20);
    assert.ok(said.endsWith('xend'));
  }
});

test('a program is ended when its time is up, or when it is canceled, with what it started', async (context) => {
  const late = await run('setInterval(() => {}, 1000)', { timeoutMs: 200 });
  assert.deepEqual([late.code, late.signal], [null, 'SIGKILL']);
  const file = path.join(folderFor(context), 'child');
  const stop = new AbortController();
  const body = `const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    require('fs').writeFileSync(${JSON.stringify(`${file}.part`)}, String(child.pid));
    require('fs').renameSync(${JSON.stringify(`${file}.part`)}, ${JSON.stringify(file)}); setInterval(() => {}, 1000);`;
  const going = run(body, { signal: stop.signal });
  while (!fs.existsSync(file)) await new Promise((resolve) => setTimeout(resolve, 20));
  stop.abort();
  await assert.rejects(going, code('cancelled'));
  const child = Number(fs.readFileSync(file, 'utf8'));
  const alive = (): boolean => {
    try {
      // A zombie is nobody.
      return !/^\d+ \(.*\) Z/.test(fs.readFileSync(`/proc/${String(child)}/stat`, 'utf8'));
    } catch {
      return false;
    }
  };
  if (process.platform === 'linux') {
    while (alive()) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.throws(() => run('', { signal: AbortSignal.abort() }), code('cancelled'));
});

test('of a program that has ended, or was none, neither a timer nor a listener stays', async (context) => {
  const { signal } = new AbortController();
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  await run('', { signal, timeoutMs: 600_000 });
  const none = path.join(folderFor(context), 'none');
  await assert.rejects(runProgram(none, [], { signal, timeoutMs: 600_000 }), { code: 'ENOENT' });
  assert.equal(timers(), before);
  assert.deepEqual(getEventListeners(signal, 'abort'), []);
});

test('programs of PATH: by name in the order of names, once each, executable files alone', (context) => {
  const root = folderFor(context);
  const [a, b] = [path.join(root, 'a'), path.join(root, 'b')];
  const [a3, b3, b2] = [path.join(a, 'python3'), path.join(b, 'python3'), path.join(b, 'python')].map((file) => program(file, '')); // prettier-ignore
  const PATH = [a, b, a].join(path.delimiter);
  assert.deepEqual(onPath(['python3', 'python'], { PATH }), [a3, b2]);
  assert.deepEqual(onPath(['python', 'python3'], { PATH }), [b2, a3]);
  assert.deepEqual(onPath(['python3', 'python3'], { PATH }).slice(0, 1), [a3]);
  fs.rmSync(a3 ?? '');
  fs.mkdirSync(a3 ?? '');
  assert.deepEqual(onPath(['python3'], { PATH }), [b3]);
  if (process.getuid?.() !== 0) fs.chmodSync(b3 ?? '', 0o644);
  assert.deepEqual(onPath([], { PATH }), []);
  assert.deepEqual(onPath(['python3'], {}), []);
});

test('the first Python with a pip is taken; without one it is said of the first that was there', async (context) => {
  const root = folderFor(context);
  const says = (folder: string, name: string, body: string): string => program(path.join(root, folder, name), body);
  const without = says('a', 'python3', 'process.exit(1)');
  const lying = says('b', 'python', "console.log('pip 9.0'); process.exit(1)");
  const before = process.env['PATH'];
  process.env['PATH'] = [path.join(root, 'a'), path.join(root, 'b')].join(path.delimiter);
  context.after(() => {
    process.env['PATH'] = before;
  });
  await assert.rejects(
    findPython(undefined, root),
    (error) => code('no-pip')(error) && String(error).includes(without),
  );
  says('b', 'python', "console.log('pip 25.1rc1 from /x (python 3.12)')");
  assert.deepEqual(await findPython(undefined, root), { command: lying, pip: '25.1rc1' });
  for (const said of ['pip? none', 'no pip 25.1', 'pip x']) {
    says('b', 'python', `console.log(${JSON.stringify(said)})`);
    await assert.rejects(findPython(undefined, root), code('no-pip'), said);
  }
  process.env['PATH'] = path.join(root, 'none');
  await assert.rejects(findPython(undefined, root), /no Python on the PATH/);
  await assert.rejects(findPython('nowhere', root), /"nowhere" cannot be started as Python/);
});

test('why an engine cannot be loaded is said as its process said it', async (context) => {
  const folder = folderFor(context);
  context.after(() => {
    process.execPath = node;
  });
  const cases: readonly (readonly [string, RegExp, RegExp])[] = [
    ["console.error('Error: libx.so.2: cannot open shared object file: no such'); process.exit(1)", /loaded: libx\.so\.2: cannot open shared object file: no such\. Remove it/, /mtl runtime remove/], // prettier-ignore
    ["console.error('Error: /usr/lib/libstdc++.so.6: version `GLIBCXX_3.4.30 not found'); process.exit(1)", /libstdc\+\+\.so\.6: version `GLIBCXX_3\.4\.30/, /package libstdc\+\+6/], // prettier-ignore
    ["console.error('something'); process.exit(7)", /loaded: exit status 7\./, /mtl runtime remove/],
    ["process.kill(process.pid, 'SIGILL'); setTimeout(() => {}, 60000)", /loaded: ended by SIGILL\./, /mtl runtime remove/], // prettier-ignore
    ["console.log('no answer')", /exit status 0/, /mtl runtime remove/],
    ["console.log('null')", /exit status 0/, /mtl runtime remove/],
    ["console.log(JSON.stringify({ version: '2', gpu: 'no', product: [7, 10, 15, 22] }))", /exit status 0/, /remove/],
  ];
  for (const [body, how, next] of cases) {
    process.execPath = program(path.join(folder, 'engine'), body);
    await assert.rejects(probe(folder), (error: unknown) => {
      assert.ok(error instanceof RuntimeError && error.code === 'load');
      assert.match(error.message, how);
      assert.match(error.message, next);
      assert.match(error.text.zh, /^无法加载原生引擎（(?:“.*”|退出码 \d+|被 SIG[A-Z]+ 终止)）。/);
      return true;
    });
  }
  // Whatever a library prints first, the last line is the answer; the process has a plain environment of its own.
  process.env['NODE_OPTIONS'] = '--no-warnings';
  context.after(() => delete process.env['NODE_OPTIONS']);
  const answer = `console.log('hello\\n' + JSON.stringify({ version: [process.env.ELECTRON_RUN_AS_NODE, process.env.TF_CPP_MIN_LOG_LEVEL, process.env.NODE_OPTIONS ?? 'none', process.cwd()].join(), gpu: false, product: [7, 10, 15, 22] }) + '\\n')`;
  process.execPath = program(path.join(folder, 'engine'), answer);
  const found = await probe(folder);
  assert.deepEqual([found.version, found.gpu, found.device], [`1,0,none,${fs.realpathSync(folder)}`, false, null]);
  assert.notEqual(found.whyNoGpu, null);
});

test('the newest C library that is asked for, number by number', (context) => {
  const file = path.join(folderFor(context), 'x.so');
  const newest = (...versions: string[]): string | null => {
    fs.writeFileSync(file, `\0${versions.map((version) => `GLIBC_${version}`).join('\0')}\0`);
    return newestGlibc(file);
  };
  assert.equal(newest('2.9', '2.27', '2.3.4'), '2.27');
  assert.equal(newest('2.27.1', '2.27'), '2.27.1');
  assert.equal(newest('2.27', '2.27.1'), '2.27.1');
  assert.equal(newest('2.2.5', '10.0', '3.99'), '10.0');
  assert.equal(newest('PRIVATE'), null);
  assert.equal(newest(), null);
  assert.equal(needsLibstdcxx(file), false);
  fs.writeFileSync(file, '\0libstdc++.so.6\0');
  assert.equal(needsLibstdcxx(file), true);
});

test('two ways to the same hash; a canceled one says so', async (context) => {
  const file = path.join(folderFor(context), 'x');
  fs.writeFileSync(file, 'abc');
  // FIPS 180-2, B.1.
  const known = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  assert.deepEqual([await sha256File(file), sha256OfFile(file)], [known, known]);
  await assert.rejects(sha256File(file, AbortSignal.abort()), code('cancelled'));
  await assert.rejects(sha256File(`${file}.no`), { code: 'ENOENT' });
  // Also where there is nothing to read, and while it is read.
  const stop = new AbortController();
  const going = sha256File(file, stop.signal);
  stop.abort();
  await assert.rejects(going, code('cancelled'));
  fs.writeFileSync(file, '');
  await assert.rejects(sha256File(file, stop.signal), code('cancelled'));
});

test('Python is asked in the folder that is named, never in that of this process, and not when it is canceled', async (context) => {
  const root = fs.realpathSync(folderFor(context));
  const python = program(path.join(root, 'python3'), 'if (process.cwd() === require("path").dirname(__filename)) console.log("pip 23.1");'); // prettier-ignore
  assert.deepEqual(await findPython(python, root), { command: python, pip: '23.1' });
  const elsewhere = path.join(root, 'else');
  fs.mkdirSync(elsewhere);
  await assert.rejects(findPython(python, elsewhere), code('no-pip'));
  await assert.rejects(findPython(python, root, AbortSignal.abort()), code('cancelled'));
});

test('each system has its folder for the engine', () => {
  const home = os.homedir();
  const tail = ['mtl-workbench', 'runtime'];
  assert.equal(runtimeFolder({ LOCALAPPDATA: '/l' }, 'win32'), path.join('/l', ...tail));
  assert.equal(runtimeFolder({}, 'win32'), path.join(home, 'AppData', 'Local', ...tail));
  assert.equal(runtimeFolder({ XDG_DATA_HOME: '/x' }, 'darwin'), path.join(home, 'Library', 'Application Support', ...tail)); // prettier-ignore
  assert.equal(runtimeFolder({ MTL_RUNTIME_DIR: '' }, 'linux'), path.join(home, '.local', 'share', ...tail));
  assert.equal(runtimeFolder({ MTL_RUNTIME_DIR: 'r' }, 'linux'), path.resolve('r'));
});
