import assert from 'node:assert/strict';
import { test } from 'node:test';
import fs from 'node:fs';
import path from 'node:path';
import { pinnedPlatforms, prebuiltPlatforms } from '../../../scripts/lib/addon.mjs';
import { belongsTo, shippedFiles, vsixPath, withoutPictures } from '../../../scripts/lib/vsix.mjs';
import { addonHashes, addonSource, sourceHash, sourceHashOf } from '../../../src/runtime/addon.ts';

/** Listing takes a while. */
const listed = shippedFiles();

test('the package’s page has no pictures that it could not show', () => {
  const page = '# Title\n\n![the editor](media/screenshots/editor.png)\n\nWords ![inline](a.png) stay.\n';
  assert.equal(withoutPictures(page), '# Title\n\nWords ![inline](a.png) stay.\n');
});

test('a platform’s package has its own addon, the one for every platform has none; all have the source', async () => {
  const all = await listed;
  const addons = (platform: string | null): string[] =>
    all.filter((file) => file.endsWith('.node') && belongsTo(file, platform));
  assert.deepEqual(addons(null), []);
  assert.deepEqual(pinnedPlatforms(), Object.keys(addonHashes));
  // An addon goes along where it is built here, and the build has laid it there.
  for (const platform of pinnedPlatforms()) {
    const built = prebuiltPlatforms().includes(platform);
    assert.deepEqual(addons(platform), built ? [`dist/native/${platform}/tfjs_binding.node`] : []);
  }
  // What lies there is what an installation compiles.
  assert.equal(sourceHashOf(addonSource('dist')), sourceHash);
  const shipped = new Set(all);
  for (const folder of ['binding', 'napi']) {
    for (const name of fs.readdirSync(`dist/native/source/${folder}`, { recursive: true, encoding: 'utf8' })) {
      const file = `dist/native/source/${folder}/${name}`;
      if (fs.statSync(file).isFile()) assert.ok(shipped.has(file), file);
    }
  }
  const own = `${process.platform}-${process.arch}`;
  assert.equal(vsixPath().includes(`-${own}-`), prebuiltPlatforms().includes(own));
});

test('nothing is shipped but what runs, what it shows, samples and pages', async () => {
  const kinds = [
    /^(package(\.nls(\.zh-cn)?)?\.json|README(\.zh-CN)?\.md|CHANGELOG\.md|LICENSE)$/,
    /^l10n\/[\w.-]+\.json$/,
    /^dist\/([\w-]+\/)?[\w-]+\.cjs$|^dist\/[\w-]+\.wasm$|^dist\/THIRD-PARTY-NOTICES\.txt$/,
    /^dist\/native\/(source\/.*|[\w-]+\/tfjs_binding\.node)$/,
    /^dist\/webview\/[\w-]+\.(js|css|ttf)$/,
    /^media\/[\w.-]+\.(svg|png|json)$|^media\/(language|walkthrough)\//,
    /^examples\/([\w-]+\/)?[\w.-]+\.(md|json|csv|npz)$/,
  ];
  const strangers = (await listed).filter((file) => !kinds.some((kind) => kind.test(file)));
  assert.deepEqual(strangers, []);
});

// What the Marketplace and Open VSX refuse, or show badly.
test('the manifest is one that both registries take', async () => {
  interface Manifest {
    readonly [key: string]: unknown;
    readonly icon: string;
    readonly categories: readonly string[];
    readonly keywords: readonly string[];
    readonly engines: { readonly vscode: string };
    readonly devDependencies: Readonly<Record<string, string>>;
  }
  const manifest = JSON.parse(fs.readFileSync('package.json', 'utf8')) as Manifest;
  for (const key of ['publisher', 'license', 'version', 'displayName', 'description', 'galleryBanner', 'main']) {
    assert.ok(key in manifest, key);
  }
  assert.equal('enabledApiProposals' in manifest, false, 'no proposed API');
  assert.deepEqual(manifest['extensionKind'], ['workspace'], 'files, processes and runs are where the workspace is');
  assert.ok(manifest.keywords.length <= 30);
  const known = ['Machine Learning', 'Data Science', 'Visualization', 'Education', 'Programming Languages', 'Testing'];
  for (const category of manifest.categories) assert.ok(known.includes(category), category);
  // No API that the oldest editor lacks.
  assert.equal(`^${manifest.devDependencies['@types/vscode'] ?? ''}`, manifest.engines.vscode);
  const shipped = await listed;
  assert.ok(shipped.includes(manifest.icon) && /\.png$/.test(manifest.icon));
  const [width, height] = [16, 20].map((at) => fs.readFileSync(manifest.icon).readUInt32BE(at));
  assert.ok(width === height && (width ?? 0) >= 128, `${String(width)} × ${String(height)}`);
});

test('links and pictures of the page lead to something', () => {
  for (const page of ['README.md', 'README.zh-CN.md', 'CHANGELOG.md']) {
    const links = [...fs.readFileSync(page, 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link]) => link ?? '');
    const missing = links.filter(
      (link) => !/^[a-z]+:/.test(link) && !fs.existsSync(path.join(path.dirname(page), link)),
    );
    assert.deepEqual(missing, [], page);
    // The Marketplace refuses pictures that could hold a script.
    assert.deepEqual(links.filter((link) => /\.svg$/.test(link)), [], page); // prettier-ignore
  }
});
