// What a test starts goes with it, even where it leads a process group of its own.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { runTest } from '../../../../scripts/lib/mutate/run-test.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

function testFile(context: TestContext, body: string): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-run-test-'));
  context.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'a.test.ts');
  fs.writeFileSync(file, body);
  return file;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(fs.readFileSync(`/proc/${String(pid)}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('how it ends, and what it says', async (context) => {
  const good = await runTest(root, testFile(context, "console.log('well');"), 60);
  assert.deepEqual([good.ending, good.output], ['passed', 'well\n']);
  const bad = await runTest(root, testFile(context, "throw new Error('not well');"), 60);
  assert.equal(bad.ending, 'failed');
  assert.match(bad.output, /not well/);
});

test(
  'a process that outlives it is ended',
  { skip: fs.existsSync('/proc/self/environ') ? false : 'needs /proc' },
  async (context) => {
    const body = `import { spawn } from 'node:child_process';
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
      child.unref();
      console.log(child.pid);`;
    const { ending, output } = await runTest(root, testFile(context, body), 60);
    assert.equal(ending, 'passed');
    const pid = Number(output);
    assert.ok(pid > 0);
    for (let tries = 0; isAlive(pid) && tries < 100; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.ok(!isAlive(pid));
  },
);
