// What comments cite is there: sections of docs/conventions.md, pages, files.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import ts from 'typescript';
import { root } from '../../scripts/lib/process.mjs';
import { projectFiles } from './project-files.ts';

const files = projectFiles();
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const code = files.filter((file) => /^(src|webview|test|scripts)\/.*\.(ts|mjs)$|^esbuild\.mjs$/.test(file));

/** The comments of a file, without their stars. */
function commentsOf(file: string): string {
  const text = read(file);
  const scanner = ts.createScanner(ts.ScriptTarget.Latest, false, ts.LanguageVariant.Standard, text);
  const comments: string[] = [];
  const isComment = (kind: ts.SyntaxKind): boolean =>
    kind === ts.SyntaxKind.SingleLineCommentTrivia || kind === ts.SyntaxKind.MultiLineCommentTrivia;
  let depth: number[] = [];
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    if (isComment(kind)) comments.push(scanner.getTokenText());
    // A template's text after `${…}` has to be asked for.
    if (kind === ts.SyntaxKind.TemplateHead) depth.push(0);
    else if (depth.length > 0 && kind === ts.SyntaxKind.OpenBraceToken)
      depth[depth.length - 1] = (depth.at(-1) ?? 0) + 1;
    else if (depth.length > 0 && kind === ts.SyntaxKind.CloseBraceToken) {
      const open = depth.at(-1) ?? 0;
      if (open > 0) depth[depth.length - 1] = open - 1;
      else if (scanner.reScanTemplateToken(false) === ts.SyntaxKind.TemplateTail) depth = depth.slice(0, -1);
    }
  }
  return comments
    .join('\n')
    .replace(/^\s*(\/\*\*|\*\/|\*|\/\/)/gm, ' ')
    .replace(/\s+/g, ' ');
}

/** `1`, `1.3`, and the points of a section's list: `13.2`. */
function sectionsOf(page: string): Set<string> {
  const sections = new Set<string>();
  let chapter = '';
  for (const line of page.split('\n')) {
    const heading = /^#{2,3} (\d+(?:\.\d+)?)[. ]/.exec(line)?.[1];
    const point = /^(\d+)\. /.exec(line)?.[1];
    if (heading !== undefined) chapter = heading;
    if (heading !== undefined) sections.add(heading);
    else if (point !== undefined) sections.add(`${chapter}.${point}`);
  }
  return sections;
}

/** Names that stand for any file, in sentences about how things work. */
const madeUp = /^(?:x|y|a|b|c|d|e|name|NAME|mine|my-strategy|index|strategy|windows?)\.(?:ts|mjs|md|test\.ts)$/;

describe('references', () => {
  test('both languages of docs/conventions.md have the same sections', () => {
    const english = sectionsOf(read('docs/conventions.md'));
    assert.ok(english.has('1.3') && english.has('13.9'));
    assert.deepEqual(sectionsOf(read('docs/conventions.zh-CN.md')), english);
  });

  test('sections that comments cite are there', () => {
    const sections = sectionsOf(read('docs/conventions.md'));
    const absent: string[] = [];
    let cited = 0;
    for (const file of code.filter((each) => each !== 'test/unit/references.test.ts')) {
      const text = `${commentsOf(file)} ${/\.test\.ts$/.test(file) ? read(file) : ''}`;
      for (const [, list = ''] of text.matchAll(/\bconventions (\d+(?:\.\d+)?(?:(?:, | to | and )\d+(?:\.\d+)?)*)/g)) {
        for (const [section] of list.matchAll(/\d+(?:\.\d+)?/g)) {
          cited += 1;
          if (!sections.has(section)) absent.push(`${file}: ${section}`);
        }
      }
    }
    assert.ok(cited > 60, String(cited));
    assert.deepEqual(absent, []);
  });

  test('pages and files that comments name are there', () => {
    const names = new Set(
      files.flatMap((file) => file.split('/').map((_, from, parts) => parts.slice(from).join('/'))),
    );
    const absent: string[] = [];
    for (const file of code) {
      for (const [name] of commentsOf(file).matchAll(/(?<![\w./<>*$@-])[\w-][\w./-]*\.(?:ts|mjs|md)\b(?!\w)/g)) {
        const beside = path.posix.join(path.posix.dirname(file), name);
        if (!names.has(name) && !names.has(beside) && !madeUp.test(path.posix.basename(name)))
          absent.push(`${file}: ${name}`);
      }
    }
    assert.deepEqual(absent, []);
  });
});
