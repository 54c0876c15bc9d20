import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  commands,
  containers,
  contextKeys,
  diagnosticSource,
  comparisonViewType,
  diagramViewType,
  internalCommands,
  languageId,
  restrictedSettings,
  settings,
  specPattern,
  specSuffix,
  views,
} from '../../../../src/editor/window/ids.ts';

interface Item {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}
interface Manifest {
  readonly activationEvents: readonly string[];
  readonly extensionKind: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: string; readonly restrictedConfigurations: readonly string[] };
    readonly virtualWorkspaces: { readonly supported: boolean };
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly enablement?: string }[];
    readonly menus: Readonly<Record<string, readonly Item[]>>;
    readonly viewsContainers: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly views: Readonly<Record<string, readonly { readonly id: string; readonly type?: string }[]>>;
    readonly configuration: {
      readonly properties: Readonly<Record<string, { readonly default: unknown; readonly scope: string }>>;
    };
    readonly languages: readonly { readonly id: string; readonly filenamePatterns: readonly string[] }[];
    readonly grammars: readonly { readonly language: string }[];
    readonly configurationDefaults: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
    readonly walkthroughs: readonly { readonly steps: readonly unknown[] }[];
  };
}

const root = path.resolve(import.meta.dirname, '../../../..');
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;
const { contributes, capabilities } = manifest;
const menu = (name: string): readonly Item[] => contributes.menus[name] ?? [];
const sorted = (values: Iterable<string>): string[] => [...values].sort();

test('the table of commands is that of package.json, each with a title to translate', () => {
  assert.deepEqual(sorted(contributes.commands.map(({ command }) => command)), sorted(commands));
  for (const { command, title } of contributes.commands) assert.equal(title, `%command.${command.slice(4)}%`);
});

test('menus name known commands alone', () => {
  const known = new Set<string>(commands);
  for (const [name, items] of Object.entries(contributes.menus)) {
    for (const { command } of items) assert.ok(known.has(command), `${name}: ${command}`);
  }
});

test('the table of settings is that of package.json, with the same defaults', () => {
  const { properties } = contributes.configuration;
  const defaults = Object.fromEntries(Object.entries(properties).map(([id, property]) => [id, property.default]));
  assert.deepEqual(defaults, { ...settings });
});

test('settings that name programs or places outside are for the machine alone and restricted', () => {
  assert.deepEqual(sorted(capabilities.untrustedWorkspaces.restrictedConfigurations), sorted(restrictedSettings));
  for (const id of restrictedSettings) assert.equal(contributes.configuration.properties[id]?.scope, 'machine');
});

test('what starts programs or loads code is not offered in Restricted Mode', () => {
  const starting = ['train', 'trainWith', 'runExperiment', 'resumeFromCheckpoint', 'suggestWeights', 'proposeGroups', 'predict', 'evaluate', 'installRuntime']; // prettier-ignore
  for (const name of starting) {
    const found = contributes.commands.find(({ command }) => command === `mtl.${name}`);
    assert.equal(found?.enablement, 'isWorkspaceTrusted', name);
  }
});

test('views and their containers', () => {
  assert.deepEqual(
    contributes.viewsContainers['activitybar']?.map(({ id }) => id),
    [containers.sidebar],
  );
  assert.deepEqual(
    contributes.viewsContainers['panel']?.map(({ id }) => id),
    [containers.panel],
  );
  assert.deepEqual(
    contributes.views[containers.sidebar]?.map(({ id }) => id),
    [views.runs],
  );
  assert.deepEqual(
    contributes.views[containers.panel]?.map(({ id, type }) => [id, type]),
    [[views.losses, 'webview']],
  );
});

test('train stands in both context menus and behind the run button, for specs in trusted workspaces', () => {
  for (const name of ['editor/context', 'explorer/context', 'editor/title/run']) {
    const item = menu(name).find(({ command }) => command === 'mtl.train');
    assert.ok(item, name);
    assert.match(item.when ?? '', /resourceFilename =~ \/\\\.mtl\\\.json\$\/ && isWorkspaceTrusted/);
  }
  assert.deepEqual(
    menu('editor/title').map(({ command }) => command),
    ['mtl.showDiagram'],
  );
});

test('every when clause uses known context keys of ours', () => {
  const own = new Set<string>([...Object.values(contextKeys), views.runs, views.losses]);
  for (const { when = '' } of Object.values(contributes.menus).flat()) {
    for (const [key] of when.replaceAll(/\/[^/]*\//g, '').matchAll(/\bmtl\.\w+/g))
      assert.ok(own.has(key), `${key} in ${when}`);
  }
});

test('limited without trust, not on virtual file systems, in the workspace, a language of its own by pattern', () => {
  assert.equal(capabilities.untrustedWorkspaces.supported, 'limited');
  assert.equal(capabilities.virtualWorkspaces.supported, false);
  assert.deepEqual(manifest.extensionKind, ['workspace']);
  const [language, ...others] = contributes.languages;
  assert.deepEqual([language?.id, language?.filenamePatterns, others], [languageId, ['*.mtl.json'], []]);
  assert.deepEqual(contributes.grammars.map(({ language: of }) => of), [languageId]); // prettier-ignore
  // Nobody's words are guessed from the text of a spec.
  assert.equal(contributes.configurationDefaults[`[${languageId}]`]?.['editor.wordBasedSuggestions'], 'off');
  assert.ok(manifest.activationEvents.includes('onStartupFinished'));
  assert.equal(contributes.walkthroughs[0]?.steps.length, 4);
});

test('every picture of package.json is there', () => {
  for (const name of ['package.json', 'package.nls.json', 'package.nls.zh-cn.json']) {
    const text = fs.readFileSync(path.join(root, name), 'utf8');
    for (const [, file = ''] of text.matchAll(/"(media\/[^"]+)"/g))
      assert.ok(fs.existsSync(path.join(root, file)), file);
  }
});

test('pictures of the walkthrough have no color of their own, and text in the color of text; in Chinese the same with other words', () => {
  const folder = path.join(root, 'media/walkthrough');
  const pictures = fs.readdirSync(folder).filter((name) => name.endsWith('.svg'));
  assert.equal(pictures.length, contributes.walkthroughs[0]?.steps.length);
  const textColor = /fill="var\(--vscode-(?:foreground|descriptionForeground),/;
  for (const name of pictures) {
    const [english = '', chinese = ''] = [name, `zh-cn/${name}`].map((file) =>
      fs.readFileSync(path.join(folder, file), 'utf8'),
    );
    for (const [, color = ''] of english.matchAll(/(?:fill|stroke)="([^"]*)"/g)) {
      assert.ok(color === 'none' || color.startsWith('var(--vscode-'), `${name}: ${color}`);
    }
    for (const [line] of english.matchAll(/<text[^>]*>/g)) assert.match(line, textColor, name);
    const words = (picture: string): readonly string[] => Array.from(picture.matchAll(/>([^<\n]+)</g), ([, word = '']) => word); // prettier-ignore
    const bare = (picture: string): string => picture.replace(/>[^<\n]+</g, '><');
    assert.equal(bare(chinese), bare(english), name);
    const spoken = words(english).filter((word) => /total|loss|epoch|classify|completed|accuracy/.test(word));
    for (const word of spoken) assert.ok(!words(chinese).includes(word), `${name} in Chinese: ${word}`);
    assert.ok(spoken.length > 0, name);
  }
});

test('names that others may rely on', () => {
  assert.deepEqual(internalCommands, ['mtl.internal.showRun']);
  assert.deepEqual(contextKeys, { live: 'mtl.live', shownState: 'mtl.shownState' });
  assert.deepEqual(views, { runs: 'mtl.runs', losses: 'mtl.losses' });
  assert.deepEqual([diagramViewType, comparisonViewType, diagnosticSource], ['mtl.diagram', 'mtl.comparison', 'mtl']);
  assert.deepEqual([specPattern, specSuffix], ['**/*.mtl.json', '.mtl.json']);
});
