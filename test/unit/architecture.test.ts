// The house's walls: who imports whom, what is inside each bundle, how long a file may be.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import esbuild from 'esbuild';
import ts from 'typescript';
import { allBuilds } from '../../scripts/lib/bundles.mjs';
import { loadedWith } from '../../scripts/lib/parts.mjs';
import { root } from '../../scripts/lib/process.mjs';
import { packageOf, roomOf, rooms, toolkit, walls } from '../../scripts/lib/rooms.mjs';

interface Import {
  readonly specifier: string;
  /** Repository file of a relative import. */
  readonly target: string | undefined;
  readonly typeOnly: boolean;
}

const longestFile = 400;

function filesBelow(folder: string, endings: RegExp): string[] {
  const entries = fs.readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
  return entries
    .filter((name) => endings.test(name))
    .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/')))
    .sort();
}

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(
    file,
    fs.readFileSync(path.join(root, file), 'utf8'),
    ts.ScriptTarget.ES2022,
    true,
  );
  const found: Import[] = [];
  const add = (node: ts.Expression | undefined, typeOnly: boolean): void => {
    if (node === undefined || !ts.isStringLiteral(node)) return;
    const relative = node.text.startsWith('.');
    const target = relative ? path.posix.join(path.posix.dirname(file), node.text) : undefined;
    found.push({ specifier: node.text, target, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node))
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      add(node.arguments[0], false);
    else if (
      ts.isImportTypeNode(node) &&
      ts.isLiteralTypeNode(node.argument) &&
      ts.isStringLiteral(node.argument.literal)
    ) {
      add(node.argument.literal, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const sources = [...filesBelow('src', /\.ts$/), ...filesBelow('webview', /\.ts$/)].filter(
  (file) => !file.endsWith('.d.ts'),
);
const helpers = [...filesBelow('scripts', /\.(ts|mjs)$/), ...filesBelow('test', /\.(ts|mjs)$/), 'esbuild.mjs'];
const imports = new Map(sources.map((file) => [file, importsOf(file)]));
const allImports = new Map([...imports, ...helpers.map((file) => [file, importsOf(file)] as const)]);
/** Scripts that are the door to something in `test/`. */
const doors = ['scripts/golden.ts', 'scripts/matrix.ts'];

describe('rooms', () => {
  test('every source file lies in a room of the table', () => {
    const homeless = sources.filter((file) => roomOf(file) === undefined);
    assert.deepEqual(homeless, []);
  });

  test('a room imports only the rooms and packages that the table gives it', () => {
    const wrong: string[] = [];
    for (const [file, list] of imports) {
      const name = roomOf(file);
      const room = name === undefined ? undefined : rooms[name];
      if (room === undefined) continue;
      for (const { specifier, target, typeOnly } of list) {
        if (target === undefined) {
          if (room.packages !== 'all' && !room.packages.includes(packageOf(specifier)))
            wrong.push(`${file}: ${specifier}`);
          continue;
        }
        const other = roomOf(target);
        if (other === name || /\.(css|json|txt)$/.test(target)) continue;
        const allowed =
          other !== undefined && (room.rooms.includes(other) || (typeOnly && room.types?.includes(other) === true));
        if (!allowed) wrong.push(`${file}: ${specifier}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test('what has a wall inside its room keeps to it', () => {
    const wrong: string[] = [];
    for (const { folders, never } of walls) {
      for (const folder of folders) {
        const inside = [...imports].filter(([file]) => file === folder || file.startsWith(`${folder}/`));
        assert.ok(inside.length > 0, folder);
        for (const [file, list] of inside)
          for (const { specifier, target } of list)
            if (never.some((one) => (target ?? specifier).startsWith(`${one}/`))) wrong.push(`${file}: ${specifier}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test('relative imports name existing files, with their ending', () => {
    const missing: string[] = [];
    for (const [file, list] of allImports) {
      for (const { target } of list) {
        if (target !== undefined && !fs.existsSync(path.join(root, target))) missing.push(`${file}: ${target}`);
      }
    }
    assert.deepEqual(missing, []);
  });

  test('there is no test code among the scripts', () => {
    const users = [...allImports].filter(
      ([file, list]) => file.startsWith('scripts/') && list.some(({ target }) => target?.startsWith('test/') === true),
    );
    assert.deepEqual(users.map(([file]) => file).sort(), doors);
  });

  test('there are no cycles, among scripts and tests neither', () => {
    assert.deepEqual(cycles(), []);
  });

  test('the toolkit has one importer', () => {
    const importers = [...imports].filter(([, list]) =>
      list.some(({ specifier }) => packageOf(specifier) === toolkit.package),
    );
    const wrong = importers.map(([file]) => file).filter((file) => file !== toolkit.importer);
    assert.deepEqual(wrong, []);
  });
});

/** Import cycles, each once, as `a -> b -> a`; imports of types count, too. */
function cycles(): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0) {
      found.push([...trail.slice(start), file].join(' -> '));
      return;
    }
    if (done.has(file)) return;
    for (const { target } of allImports.get(file) ?? []) if (target !== undefined) walk(target, [...trail, file]);
    done.add(file);
  };
  for (const file of allImports.keys()) walk(file, []);
  return found;
}

describe('bundles', () => {
  // Never allowed inside; `vscode` would be an import that is left open.
  const forbidden: Record<string, RegExp> = {
    extension: /@tensorflow\/|^src\/(trainer|engine|samples|weighting|export)\//,
    cli: /^vscode$|^src\/(editor|messages)\//,
    comparison: /^vscode$|@tensorflow\/|^src\/(trainer|engine|samples|weighting|export|cli)\//,
    driver: /^vscode$|@tensorflow\/|^src\/(trainer|engine|samples|weighting|editor|cli|data)\//,
    trainer: /^vscode$|@tensorflow\/|^src\/(editor|experiment|cli)\//,
    worker: /^vscode$|^src\/(editor|experiment|cli)\//,
    reader: /^vscode$|@tensorflow\/|^src\/(editor|experiment|cli|runs|plan|runtime|trainer|engine|weighting)\//,
    'webview-diagram': /^(vscode|node:.*)$|@tensorflow\/|^src\/(trainer|engine|samples|weighting|editor|data)\//,
    'webview-experiment':
      /^(vscode|node:.*)$|@tensorflow\/|^src\/(trainer|engine|samples|weighting|editor|data|experiment)\//,
    'webview-losses': /^(vscode|node:.*)$|@tensorflow\/|^src\/(trainer|engine|samples|weighting|editor|data)\//,
    'webview-doctor': /^(vscode|node:.*)$|@tensorflow\/|^src\/(trainer|engine|samples|weighting|editor|data)\//,
  };

  for (const { name, options } of allBuilds({ production: true })) {
    test(`${name} holds nothing that it may not`, async () => {
      const { metafile } = await esbuild.build({ ...options, write: false, metafile: true, minify: false });
      const open = Object.values(metafile.outputs).flatMap((output) =>
        output.imports.filter(({ external }) => external === true).map((each) => each.path),
      );
      const rule = forbidden[name];
      assert.ok(rule, `a rule for ${name}`);
      assert.deepEqual(
        [...Object.keys(metafile.inputs), ...open].filter((entry) => rule.test(entry)),
        [],
      );
      assert.deepEqual(copiesOf('@tensorflow/tfjs-core', metafile).slice(1), [], 'one copy of tfjs-core');
    });
  }
});

describe('activation', () => {
  // The language, its tables and what reads data come when a spec is open; the rest when a command asks.
  const later =
    /node_modules\/|^src\/(plan|data|runtime)\/|^src\/spec\/(schema|reading|editing)\/|^src\/experiment\/(designs|problems|statistics|arms)\/|^src\/editor\/(create|doctor|language)\//;
  const largestEntry = 225_000;
  const largestPart = 1_000_000;

  test('loads one small file, with nothing in it of what is needed later', async () => {
    const extension = allBuilds({ production: true }).find(({ name }) => name === 'extension');
    assert.ok(extension);
    const { metafile, outputFiles } = await esbuild.build({ ...extension.options, write: false, metafile: true });
    const entry = 'dist/extension.cjs';
    const inputs = loadedWith(metafile, entry).flatMap((chunk) => Object.keys(metafile.outputs[chunk]?.inputs ?? {}));
    assert.ok(inputs.includes(extension.entry) && inputs.length > 50, inputs.join(' '));
    assert.deepEqual(
      inputs.filter((input) => later.test(input)),
      [],
    );
    const sizes = new Map(outputFiles.map(({ path: file, contents }) => [path.relative(root, file), contents.length]));
    const size = sizes.get(path.normalize(entry)) ?? Number.NaN;
    assert.ok(size <= largestEntry, `${entry} has ${String(size)} bytes; ${String(largestEntry)} are allowed`);
    const large = [...sizes].filter(([, bytes]) => bytes > largestPart);
    assert.deepEqual(large, [], 'parts that have grown too large');
  });

  test('every module is in one part alone', async () => {
    const extension = allBuilds({ production: true }).find(({ name }) => name === 'extension');
    assert.ok(extension);
    const { metafile } = await esbuild.build({ ...extension.options, write: false, metafile: true });
    const places = new Map<string, string[]>();
    for (const [chunk, { inputs }] of Object.entries(metafile.outputs))
      for (const input of Object.keys(inputs)) places.set(input, [...(places.get(input) ?? []), chunk]);
    assert.deepEqual(
      [...places].filter(([, chunks]) => chunks.length > 1),
      [],
    );
  });
});

/** Ways in which a package is inside a bundle: its folder and, for tfjs, which of its builds. */
function copiesOf(name: string, metafile: esbuild.Metafile): string[] {
  const places = Object.keys(metafile.inputs).filter((file) => file.includes(`node_modules/${name}/`));
  const kinds = places.map((file) => {
    const [before = '', after = ''] = file.split(`node_modules/${name}/`);
    return `${before}${/\.node\.js$|\.fesm|\.es2017|\.min\.js/.test(after) ? after : 'modules'}`;
  });
  return [...new Set(kinds)];
}

describe('habits', () => {
  test(`no file is longer than ${String(longestFile)} lines`, () => {
    const code = [...sources, ...filesBelow('test', /\.ts$/), ...filesBelow('scripts', /\.(ts|mjs)$/), 'esbuild.mjs'];
    const long = code
      .filter((file) => lines(file).length > longestFile)
      .map((file) => `${file}: ${String(lines(file).length)}`);
    assert.deepEqual(long, []);
  });

  test('chance is seeded: no Math.random where numbers must repeat', () => {
    const inside = /^src\/(trainer|weighting|samples|engine|numbers|data|experiment)\//;
    const wrong = sources.filter((file) => inside.test(file) && /\bMath\.random\b/.test(code(file)));
    assert.deepEqual(wrong, []);
  });

  test('no test is skipped, singled out or postponed', () => {
    const pattern = /\b(test|it|describe|suite)\.(skip|only|todo)\b|\b(skip|only|todo): true\b/;
    const wrong = filesBelow('test', /\.test\.ts$/).filter((file) => pattern.test(code(file)));
    assert.deepEqual(wrong, []);
  });

  test('nothing is left for later', () => {
    const pattern = new RegExp(
      ['TO' + 'DO', 'FIX' + 'ME', 'not ' + 'implemented'].map((word) => `\\b${word}\\b`).join('|'),
      'i',
    );
    const wrong = sources.filter((file) => pattern.test(lines(file).join('\n')));
    assert.deepEqual(wrong, []);
  });
});

function lines(file: string): string[] {
  return fs.readFileSync(path.join(root, file), 'utf8').trimEnd().split('\n');
}

/** A file's text without its line comments. */
function code(file: string): string {
  return lines(file)
    .map((line) => line.replace(/\/\/.*$/, ''))
    .join('\n');
}
