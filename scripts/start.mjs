// npm start [-- --check] [--browser]
//
// Installs, builds, packages the extension and opens examples/ in an editor that has it:
//   - desktop VS Code, when its `code` command is on the PATH and there is a screen: with a profile of its own in
//     .cache/desktop, so that neither your settings nor your extensions change;
//   - otherwise (or with --browser) a VS Code served on 127.0.0.1 to your browser, behind a random token.
// --check starts it, waits until it is ready, says so and ends with status 0, leaving nothing running.
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { installDependencies, requireNode } from './lib/prepare.mjs';
import { capture, root, run, script, ScriptError } from './lib/process.mjs';

const examples = path.join(root, 'examples');

const settings = {
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
};

const trainInTerminal = 'Train a sample in this terminal instead:  npm run train';

/** The desktop editor's command, when there is one that can show a window. */
function desktopCode() {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const names = process.platform === 'win32' ? ['code.cmd'] : ['code'];
  const found = folders
    .flatMap((folder) => names.map((name) => path.join(folder, name)))
    .find((file) => fs.existsSync(file));
  // In a remote window's terminal `code` is a messenger to that window: it has no profile of its own to give.
  if (process.env['VSCODE_IPC_HOOK_CLI'] !== undefined) return undefined;
  const needsScreen = process.platform === 'linux' && process.env['WSL_DISTRO_NAME'] === undefined;
  const hasScreen = (process.env['DISPLAY'] ?? '') !== '' || (process.env['WAYLAND_DISPLAY'] ?? '') !== '';
  return found !== undefined && (!needsScreen || hasScreen) ? found : undefined;
}

/**
 * @param {string} code
 * @param {string} vsix
 * @param {boolean} check
 */
async function openDesktop(code, vsix, check) {
  const profile = path.join(root, '.cache/desktop');
  const user = path.join(profile, 'user-data');
  const file = path.join(user, 'User/settings.json');
  if (!fs.existsSync(file)) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`);
  }
  const own = ['--extensions-dir', path.join(profile, 'extensions'), '--user-data-dir', user];
  // code.cmd is started by a shell, which splits at spaces: quoted. Every argument here is ours.
  const shell = process.platform === 'win32';
  const quoted = (/** @type {string[]} */ ...args) => (shell ? args.map((text) => `"${text}"`) : args);
  const command = shell ? `"${code}"` : code;
  const install = quoted(...own, '--install-extension', vsix, '--force');
  await run('Installing the extension into VS Code', command, install, { shell });
  const { stdout } = await capture(command, quoted(...own, '--list-extensions'), { shell });
  if (!stdout.toLowerCase().includes('mtl-workbench')) throw new ScriptError(`${code} does not list the extension.`);
  if (check) {
    console.log(`\nReady: ${code} has the extension in its own profile (.cache/desktop). No window was opened.`);
    return;
  }
  await run('Opening VS Code', command, quoted(...own, '--new-window', examples), { shell });
  console.log(
    '\nVS Code opens examples/ in a profile of its own (.cache/desktop): your settings and extensions are as they were.',
  );
  console.log('Open digits/article.mtl.json, right-click in it and choose "Train multi-task model" · 训练多任务模型.');
  console.log(trainInTerminal);
}

/**
 * @param {string} vsix
 * @param {boolean} check
 */
async function serve(vsix, check) {
  const { installServer, installExtension, startServer, workbenchStatus } = await import('./lib/vscode-server.mjs');
  const installation = await installServer();
  const data = check ? fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-start-')) : path.join(root, '.cache/served');
  const token = crypto.randomBytes(24).toString('hex');
  const options = { installation, data, token, settings };
  try {
    await installExtension(options, vsix);
    const server = await startServer(options);
    try {
      const address = `${server.origin}/?tkn=${token}&folder=${encodeURIComponent(examples)}`;
      const status = await workbenchStatus(address);
      if (status !== 200) throw new ScriptError(`VS Code's server answers with status ${status}:\n${server.log()}`);
      console.log(`\nVS Code ${installation.version} with the extension is ready (HTTP 200):\n\n  ${address}\n`);
      console.log('Only this machine can reach it, and only with the token in the address.');
      if (check) return;
      console.log('Open it in a browser, open digits/article.mtl.json, right-click in the text and choose');
      console.log(
        '"Train multi-task model" · 训练多任务模型. VS Code asks once whether you trust the folder: training needs a yes.',
      );
      console.log(`${trainInTerminal}\nCtrl-C ends the server (a run goes on until it is done or stopped).`);
      await untilInterrupted(server);
    } finally {
      await server.stop();
    }
  } finally {
    if (check) fs.rmSync(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** @param {import('./lib/vscode-server.mjs').Server} server */
async function untilInterrupted(server) {
  const interrupted = new Promise((resolve) => {
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
      process.once(signal, () => resolve(signal));
  });
  const first = await Promise.race([interrupted, server.ended.then(() => 'ended')]);
  if (first === 'ended') throw new ScriptError(`VS Code's server has ended by itself. It said:\n${server.log()}`);
  console.log('\nEnding the server …');
}

await script(async () => {
  const { values } = parseArgs({ options: { check: { type: 'boolean' }, browser: { type: 'boolean' } } });
  requireNode();
  await installDependencies();
  const { vsixFile } = await import('./lib/vsix.mjs');
  const code = values.browser === true ? undefined : desktopCode();
  if (code === undefined) {
    const { whyNotServed } = await import('./lib/vscode-server.mjs');
    const reason = whyNotServed();
    if (reason !== undefined) throw new ScriptError(reason); // before the minutes of building
  }
  const { path: vsix } = await vsixFile();
  await (code === undefined ? serve(vsix, values.check ?? false) : openDesktop(code, vsix, values.check ?? false));
});
