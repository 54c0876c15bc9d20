// The licenses of everything that is inside the bundles, in one file that ships with them.
import fs from 'node:fs';
import path from 'node:path';
import { root, ScriptError } from './process.mjs';

/** Licenses under which a bundled package may be passed on inside an MIT-licensed extension. */
const permitted =
  /^(MIT|ISC|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|0BSD|Unlicense|CC0-1\.0|CC-BY-4\.0|BlueOak-1\.0\.0)$/;

/**
 * Whether an SPDX expression is covered: of alternatives one is enough, of a sum all must be.
 * @param {string} license
 */
function isPermitted(license) {
  const inner = license.replace(/^\((.*)\)$/, '$1');
  const every = (/** @type {string} */ part) => part.split(' AND ').every((id) => permitted.test(id.trim()));
  return inner.split(' OR ').some(every);
}

/**
 * The folders of the packages that went into some bundles.
 * @param {readonly import('esbuild').Metafile[]} metafiles
 * @returns {string[]} relative to the repository, sorted
 */
function packagesIn(metafiles) {
  const folders = new Set();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const input of Object.keys(inputs)) {
        const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
        if (folder !== undefined) folders.add(folder);
      }
    }
  }
  return [...folders].sort();
}

/**
 * @param {string} folder
 * @returns {{name: string, version: string, license: string, text: string}}
 */
function describe(folder) {
  const place = path.join(root, folder);
  const manifest = JSON.parse(fs.readFileSync(path.join(place, 'package.json'), 'utf8'));
  const file = fs.readdirSync(place).find((name) => /^(licen[cs]e|copying)/i.test(name));
  const text = file === undefined ? '' : fs.readFileSync(path.join(place, file), 'utf8').trim();
  return {
    name: String(manifest.name),
    version: String(manifest.version),
    license: String(manifest.license?.type ?? manifest.license ?? licenseOf(text)),
    text,
  };
}

/**
 * For packages that state their license in a file alone.
 * @param {string} text
 */
function licenseOf(text) {
  return /MIT License[\s\S]*Permission is hereby granted, free of charge/.test(text) ? 'MIT' : 'not stated';
}

/**
 * The text of the notices; refuses a license that is not on the list above.
 * @param {readonly import('esbuild').Metafile[]} metafiles
 */
export function noticesOf(metafiles) {
  const packages = packagesIn(metafiles).map(describe);
  for (const { name, license } of packages) {
    if (!isPermitted(license)) {
      throw new ScriptError(
        `${name} is bundled, and its license "${license}" is not on the list in scripts/lib/notices.mjs.`,
      );
    }
  }
  const line = '-'.repeat(80);
  const parts = packages.map(
    ({ name, version, license, text }) => `${line}\n${name} ${version} (${license})\n\n${text}\n`,
  );
  return `Software of others inside MTL Workbench, with its licenses.\n\n${parts.join('\n')}`;
}
