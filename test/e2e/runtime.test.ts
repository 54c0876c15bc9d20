// `MTL: Install native engine` in a real VS Code, with a made-up Python: its progress, cancel, going on, and a failure that
// says what to do. Nothing is fetched.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { copyExample, openWorkbench, type Session } from './vscode.ts';
import type { Workbench } from './workbench.ts';

/** A pip that fetches 40 MB and waits for ever; called again it has no network. */
const python = `#!${process.execPath}
const fs = require('fs');
const args = process.argv.slice(2);
if (args.includes('--version')) {
  console.log('pip 23.2.1 from somewhere (python 3.11)');
} else if (fs.existsSync(__filename + '.called')) {
  console.error('NewConnectionError: Failed to establish a new connection: Name or service not known');
  process.exitCode = 1;
} else {
  fs.writeFileSync(__filename + '.called', '');
  const folder = process.env.TMPDIR + '/pip-unpack-1';
  fs.mkdirSync(folder);
  fs.writeFileSync(folder + '/tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl', Buffer.alloc(40e6));
  setInterval(() => {}, 1000);
}
`;

describe('installing the native engine in VS Code', () => {
  let session: Session;
  let workbench: Workbench;
  let folder: string;
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-e2e-python-'));

  before(async () => {
    const program = path.join(place, 'python3');
    fs.writeFileSync(program, python, { mode: 0o755 });
    folder = copyExample('penguins');
    session = await openWorkbench({ folder });
    workbench = session.workbench;
    // A setting of the machine that the extensions run on, not of the window.
    const settings = path.join(session.data, 'user', 'Machine', 'settings.json');
    fs.mkdirSync(path.dirname(settings), { recursive: true });
    fs.writeFileSync(settings, JSON.stringify({ 'mtl.python.path': program }));
    await workbench.openFile('penguins.mtl.json');
    // The window knows by then that the folder is trusted.
    await workbench.lens('suggest…').first().waitFor();
  });

  after(async () => {
    await session.close();
    fs.rmSync(folder, { recursive: true, force: true });
    fs.rmSync(place, { recursive: true, force: true });
  });

  test('it shows how far it is, keeps what came when it is canceled, and goes on from there', async () => {
    await workbench.witnessed('runtime', async () => {
      await workbench.runCommand('MTL: Install native engine');
      await workbench.quickPickRows.filter({ hasText: 'For the processor' }).first().click();
      await workbench.notified(/Fetching 40 MB \/ 274 MB/);
      await workbench.clickNotification('Cancel', /Fetching 40 MB/);
      await workbench.notified(/Canceled\. What was fetched is kept/);
      const downloads = path.join(session.data, 'home/.local/share/mtl-workbench/runtime/downloads');
      assert.deepEqual(
        fs.readdirSync(downloads).map((name) => [name.split('.').at(-1), fs.statSync(path.join(downloads, name)).size]),
        [['part', 40e6]],
      );
      await workbench.clickNotification('Go on', /Canceled/);
      await workbench.notified(/pip cannot reach its package index.*--from FILE/s);
      await workbench.clickNotification('Try again', /attempt 2/);
      await workbench.notified(/pip cannot reach its package index.*attempt 3/s);
    });
  });
});
