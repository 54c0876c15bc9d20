// conventions 13.1 and 13.8: what a folder of strangers may do, and who can reach the served editor.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { capture, root } from '../../scripts/lib/process.mjs';
import { installServer, startServer, workbenchStatus } from '../../scripts/lib/vscode-server.mjs';
import { copyExample, openWorkbench } from './vscode.ts';
import { eventually } from './eventually.ts';

test('in Restricted Mode a spec is checked and drawn, and not trained', async () => {
  const folder = copyExample('penguins');
  const session = await openWorkbench({ folder, workspaceTrust: true });
  const { workbench } = session;
  try {
    await workbench.witnessed('restricted', async () => {
      // Some versions of VS Code ask first, others begin in Restricted Mode without a question.
      const refusal = workbench.page.getByRole('button', { name: /don't trust/i });
      await eventually('Restricted Mode', async () => {
        if (await refusal.isVisible()) await refusal.click();
        return (await workbench.statusBar()).some((entry) => entry.includes('Restricted Mode'));
      });
      await workbench.openFile('penguins.mtl.json');
      await eventually('the lens for the diagram', async () =>
        (await workbench.codeLenses()).some((lens) => lens.includes('Diagram')),
      );
      await workbench.openContextMenu(1);
      const labels = await workbench.menuLabels();
      assert.ok(labels.includes('Show task mapping'), labels.join(' | '));
      assert.ok(!labels.includes('Train multi-task model'), labels.join(' | '));
      await workbench.chooseFromMenu('Show task mapping');
      await workbench.webviewWith('[data-testid="diagram"][data-state="ok"] svg');
      assert.ok(!fs.existsSync(path.join(folder, '.mtl')), 'nothing was written');
      // The palette has what only looks, and nothing that starts or installs anything.
      const harmless = 'Doctor: check this machine';
      await workbench.openPalette(harmless);
      for (const title of ['Install native engine', 'Train multi-task model']) {
        await workbench.page.locator('.quick-input-widget input').first().fill(`>${title}`);
        await eventually('another list', async () => {
          const rows = await workbench.quickPickRows.allInnerTexts();
          return !rows.some((row) => row.includes(harmless));
        });
        const rows = await workbench.quickPickRows.allInnerTexts();
        assert.ok(!rows.some((row) => row.includes(title)), rows.join(' | '));
      }
      await workbench.page.keyboard.press('Escape');
    });
  } finally {
    await session.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
});

test('the served editor wants its token, and listens on this machine alone', async () => {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-token-'));
  const token = 'a-token-for-this-test-only';
  const server = await startServer({ installation: await installServer(), data, token });
  try {
    assert.equal(await workbenchStatus(`${server.origin}/?tkn=${token}`), 200);
    assert.equal(await workbenchStatus(`${server.origin}/`), 403);
    assert.equal(await workbenchStatus(`${server.origin}/?tkn=another`), 403);
    const addresses = Object.values(os.networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of addresses) {
      await assert.rejects(fetch(`http://${address}:${String(server.port)}/version`), `reachable at ${address}`);
    }
  } finally {
    await server.stop();
    fs.rmSync(data, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }
});

test('npm start -- --check starts the editor, says so and leaves nothing running', async () => {
  const started = await capture(process.execPath, [path.join(root, 'scripts/start.mjs'), '--check', '--browser']);
  assert.equal(started.code, 0, started.stdout + started.stderr);
  const address = /http:\/\/127\.0\.0\.1:\d+\/\?tkn=[0-9a-f]{48}&folder=\S+/.exec(started.stdout)?.[0];
  assert.ok(address, started.stdout);
  assert.match(started.stdout, /ready \(HTTP 200\)/);
  await assert.rejects(fetch(address), 'the server has gone');
});
