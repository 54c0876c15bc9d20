// The strictest type-checked rules, and the house's import rules (scripts/lib/rooms.mjs) as lint.
import tseslint from 'typescript-eslint';
import { rooms, toolkit } from './scripts/lib/rooms.mjs';

const escape = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Imports that a room may not make, as patterns of no-restricted-imports. */
function restrictions([folder, room]) {
  const types = room.types ?? [];
  const patterns = [];
  for (const other of Object.keys(rooms)) {
    if (other === folder || room.rooms.includes(other)) continue;
    const name = other.split('/').at(-1);
    patterns.push({
      regex: `^(\\.\\.\\/)+(src\\/)?${name}\\/`,
      allowTypeImports: types.includes(other),
      message: `${folder} may not import ${types.includes(other) ? 'more than types of ' : ''}${other} (scripts/lib/rooms.mjs).`,
    });
  }
  const packages = room.packages.map((name) => (name === 'node' ? 'node:' : `${escape(name)}(\\/|$)`));
  patterns.push({
    regex: `^(?!\\.|${packages.join('|') || '\\.'})`,
    message: `${folder} may import no package but ${room.packages.join(', ') || 'none'} (scripts/lib/rooms.mjs).`,
  });
  return {
    files: [`${folder}/**/*.ts`],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns }] },
  };
}

/** The rules of `webview`, with the toolkit left to its one importer. */
function toolkitRule() {
  const { rules } = restrictions(['webview', rooms.webview]);
  const [, { patterns }] = rules['@typescript-eslint/no-restricted-imports'];
  const alone = { regex: `^${escape(toolkit.package)}`, message: `Only ${toolkit.importer} imports the toolkit.` };
  return {
    files: ['webview/**/*.ts'],
    ignores: [toolkit.importer],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [...patterns, alone] }] },
  };
}

export default tseslint.config(
  { ignores: ['dist', 'out', '.cache', 'node_modules', 'media', '**/*.d.ts'] },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './tsconfig.webview.json', './tsconfig.browser.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      eqeqeq: 'error',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      'no-restricted-syntax': ['error', { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' }],
    },
  },
  ...Object.entries(rooms).map(restrictions),
  toolkitRule(),
  {
    // The same seed gives the same numbers: chance comes from src/numbers/random.ts and nowhere else.
    files: ['src/trainer/**/*.ts', 'src/data/**/*.ts', 'src/experiment/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Use src/numbers/random.ts.' },
      ],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // node:test collects the promises of `test` and `describe` by itself.
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
          ],
        },
      ],
    },
  },
);
