// What leaves the program, and what happens when it cannot.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { paragraph } from '../../../src/cli/output.ts';
import { program, spec, table } from './run-cli.ts';

const sources = fileURLToPath(new URL('../../../src/cli/', import.meta.url));
const hook = import.meta.resolve('tsx');

test('nothing is printed around the one border', () => {
  for (const name of fs
    .readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((file) => /(?<!^output)\.ts$/.test(file))) {
    const text = fs.readFileSync(path.join(sources, name), 'utf8');
    assert.doesNotMatch(text, /\bconsole\.|\bstd(?:out|err)\.write\b|writeSync\(|\bprocess\.exit\(/, name);
  }
});

/** A program that prints with the functions of the border, its stdout wherever the test wants it. */
function printing(
  code: string,
  stdout: number | 'pipe',
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const text = `import * as output from ${JSON.stringify(path.join(sources, 'output.ts'))};
    ${code}`;
  return outcomeOf(['--import', hook, '--input-type=module', '-e', text], stdout);
}

function outcomeOf(
  args: readonly string[],
  stdout: number | 'pipe',
  cwd?: string,
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', stdout, 'pipe'],
      env: { ...process.env, LC_ALL: 'C', MTL_RUNTIME_DIR: path.join(os.tmpdir(), 'mtl-no-runtime') },
      ...(cwd === undefined ? {} : { cwd }),
    });
    let [out, err] = ['', ''];
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (err += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

const hostile = 'a\u001b[31m\u202e\u009b2J';
const shown = 'a\\u001b[31m\\u202e\\u009b2J';

test('results and progress are escaped, data in a pipe are exact', async () => {
  const text = JSON.stringify(hostile);
  const { out, err } = await printing(
    `output.printResult(${text}); output.printProgress(${text}); output.printData(${text}); output.redrawProgress(${text});`,
    'pipe',
  );
  assert.equal(out, `${shown}\n${hostile}`);
  assert.equal(err, `${shown}\n\r\u001b[K${shown}`);
});

test('of a text with several lines only the first begins at the margin', async () => {
  const { err } = await printing(
    `output.printProgress('mtl: ' + output.paragraph('no "a\\nmtl: done\\u001b"'));`,
    'pipe',
  );
  assert.equal(err, 'mtl: no "a\n  mtl: done\\u001b"\n');
});

test('every further line of a text is indented, whichever way it ends', () => {
  assert.equal(paragraph('a\nb\nc'), 'a\n  b\n  c');
  assert.equal(paragraph('a\r\nb'), 'a\n  b');
});

test('data are escaped on a terminal', async () => {
  const { out } = await printing(
    `process.stdout.isTTY = true; output.printData(${JSON.stringify(`row,${hostile}\r\n`)});`,
    'pipe',
  );
  assert.equal(out, `row,${shown}\r\n`);
});

test('a file gets everything, however long', async (context) => {
  const file = path.join(folder(context), 'out');
  const handle = fs.openSync(file, 'w');
  const { code } = await printing(`output.printData('ä'.repeat(3_000_000)); output.printResult('end');`, handle);
  fs.closeSync(handle);
  assert.equal(code, 0);
  assert.equal(fs.readFileSync(file, 'utf8'), `${'ä'.repeat(3_000_000)}end\n`);
});

function folder(context: TestContext): string {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-output-'));
  context.after(() => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

const linux = process.platform === 'linux';

test('a full disk under stdout is said in a sentence, exit 1', { skip: !linux }, async (context) => {
  const cwd = folder(context);
  fs.writeFileSync(path.join(cwd, 's.mtl.json'), spec);
  fs.writeFileSync(path.join(cwd, 'table.csv'), table);
  for (const verb of [
    ['check', 's.mtl.json', '--json'],
    ['diagram', 's.mtl.json'],
    ['--help'],
    ['runs', 'list', '--json'],
  ]) {
    const full = fs.openSync('/dev/full', 'w');
    const { code, err } = await outcomeOf([...program, ...verb], full, cwd);
    fs.closeSync(full);
    assert.equal(code, 1, verb.join(' '));
    assert.match(err, /^mtl: the output cannot be written: no space left \(ENOSPC\)\. Free some space/m);
    assert.doesNotMatch(err, /^\s+at /m);
    assert.equal(err.match(/cannot be written/g)?.length, 1, 'said once');
  }
});

test('a file that takes only a part is no success', { skip: !linux }, async (context) => {
  const file = path.join(folder(context), 'out');
  // A limit on the size of files makes a short write first and an error then, as a disk that becomes full does.
  const text = `import * as output from ${JSON.stringify(path.join(sources, 'output.ts'))};
    output.guardOutput(); output.printData('x'.repeat(10_000)); process.exitCode = output.outputCode(0);`;
  const command = `ulimit -f 4 && exec "$0" --import "$1" --input-type=module -e "$2" > "$3"`;
  const child = spawn('bash', ['-c', command, process.execPath, hook, text, file], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // tsx would keep its cache in files, too.
    env: { ...process.env, LC_ALL: 'C', TSX_DISABLE_CACHE: '1' },
  });
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => (err += part));
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.match(err, /the output cannot be written \(EFBIG\)/);
  assert.equal(code, 1);
});

test('who listens is told of a lost output at once, and of the same loss later', { skip: !linux }, async () => {
  const full = fs.openSync('/dev/full', 'w');
  const { code, err } = await printing(
    `output.guardOutput();
     const told = [];
     const stop = output.onOutputLost((loss) => told.push(['first', loss]));
     output.onOutputLost((loss) => told.push(['second', loss]))();
     output.printResult('x');
     setImmediate(() => {
       stop();
       output.onOutputLost((loss) => told.push(['late', loss]));
       output.printProgress(JSON.stringify(told));
       process.exitCode = output.outputCode(0);
     });`,
    full,
  );
  fs.closeSync(full);
  assert.equal(code, 1);
  assert.match(err, /\[\["first","ENOSPC"\],\["late","ENOSPC"\]\]/);
});

test('a reader that has gone changes nothing of the exit code', async (context) => {
  const cwd = folder(context);
  fs.writeFileSync(path.join(cwd, 's.mtl.json'), spec);
  const child = spawn(process.execPath, [...program, 'check', 's.mtl.json', '--json'], {
    cwd,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  assert.equal(code, 1, 'there is no table.csv');
  assert.doesNotMatch(err, /EPIPE|^\s+at /m);
});
