// The first step of every script: a Node that is new enough, and the dependencies exactly as the lock file says.
import fs from 'node:fs';
import path from 'node:path';
import { npm, root, run, ScriptError } from './process.mjs';

const oldestNode = 20;

/** Refuses a Node that cannot run this project. */
export function requireNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < oldestNode) {
    throw new ScriptError(
      `This project needs Node.js ${oldestNode} or newer; this is ${process.version}. Install a newer one from https://nodejs.org and try again.`,
    );
  }
}

/**
 * @param {string} file
 * @returns {Record<string, {version?: string, optional?: boolean, devOptional?: boolean}> | undefined}
 */
function lockedPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Whether node_modules holds what package-lock.json asks for. npm writes `.package-lock.json` at the end of an
 * installation, so an interrupted one counts as missing. Optional packages may be absent (other platforms).
 */
function dependenciesAreInstalled() {
  const wanted = lockedPackages(path.join(root, 'package-lock.json'));
  const present = lockedPackages(path.join(root, 'node_modules/.package-lock.json'));
  if (wanted === undefined || present === undefined) return false;
  return Object.entries(wanted).every(([place, { version, optional, devOptional }]) => {
    const installed = present[place];
    if (place === '') return true;
    return installed === undefined ? optional === true || devOptional === true : installed.version === version;
  });
}

/** `npm ci` when node_modules is missing or not what the lock file says. */
export async function installDependencies() {
  requireNode();
  if (dependenciesAreInstalled()) return;
  console.log('Installing dependencies (npm ci) …');
  await npm('Installing dependencies', ['ci', '--no-audit', '--no-fund']);
}

/**
 * Installs what is missing and builds the bundles.
 * @param {{production?: boolean}} [options]
 */
export async function build({ production = false } = {}) {
  await installDependencies();
  await run('The build', process.execPath, ['esbuild.mjs', ...(production ? ['--production'] : [])]);
}
