// The LaTeX is LaTeX whatever arms and tasks are called: braces, environments, mathematics, and as many cells as columns.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { text } from '../../../../src/common/text.ts';
import { compare } from '../../../../src/experiment/comparison/compare.ts';
import { contestOf } from '../../../../src/experiment/comparison/experiment.ts';
import type { ReportTable } from '../../../../src/experiment/report/contract.ts';
import { escapeLatex, latexReport, latexTables } from '../../../../src/experiment/report/latex.ts';
import { comparisonReport, comparisonTables } from '../../../../src/experiment/report/sections.ts';
import { evidenceOf, tabled, three } from '../comparison/evidence.ts';
import { readTex } from './tex.ts';

const tableOf = (cells: readonly string[]): ReportTable => ({
  title: text(cells[0] ?? '', cells[0] ?? ''),
  columns: cells.map((cell) => text(cell, cell)),
  words: 1,
  rows: [cells, cells].map((row) => row.map((cell, index) => ({ text: text(cell, cell), ...(index === 1 ? { bold: true as const } : {}) }))),
  note: text(cells.at(-1) ?? '', cells.at(-1) ?? ''),
}); // prettier-ignore

const nasty = ['[a_b]', '*star & 100%', '{x}$y^2$~#\\', '\\end{tabular}', '实验组“甲”', "a--b ''c'' ``d`` ,,e ?`", '"<>|"', '%', 'α → ∞', '한국어', '𠀀', '😀', 'a\nb\tc\u0007']; // prettier-ignore

describe('structure', () => {
  test('the reader of this test knows what is none', () => {
    for (const bad of [
      '{',
      '}',
      '\\begin{a}',
      '\\begin{a}\\end{b}',
      '\\begin{a}{\\end{a}}',
      'a & b',
      '$',
      'a_b',
      '#',
      '~',
      '\\begin{tabular}{ll} a \\\\ \\end{tabular}',
      '\\begin{tabular}{l} a \\\\ [b] \\\\ \\end{tabular}',
      '\\begin{tabular}{l} a \\\\ *b \\\\ \\end{tabular}',
      '\\begin{tabular}{l} \\midrule [b] \\\\ \\end{tabular}',
      '\\begin{tabular}{l} a \\end{tabular}',
    ])
      // prettier-ignore
      assert.throws(() => readTex(bad), Error, bad);
    const good = readTex(
      'a\\%b % } comment\n\\begin{tabular}{lr}\\toprule a & $x_1$ \\\\ {}[b] & c \\\\\\end{tabular}',
    );
    assert.deepEqual(good.tables, [
      {
        columns: 2,
        rows: [
          ['a', '$x_1$'],
          ['{}[b]', 'c'],
        ],
      },
    ]);
  });

  test('every sign that TeX reads otherwise, or has no letter for, is written as a command', () => {
    const written = escapeLatex('\\ { } & % $ # _ ~ ^ < > | " − ± × Δ η ² ↑ ↓ – ·').split(' ');
    const marks = ['\\textbackslash{}', '\\{', '\\}', '\\&', '\\%', '\\$', '\\#', '\\_', '\\textasciitilde{}', '\\textasciicircum{}', '\\textless{}', '\\textgreater{}', '\\textbar{}', '\\textquotedbl{}']; // prettier-ignore
    const signs = ['$-$', '$\\pm$', '$\\times$', '$\\Delta$', '$\\eta$', '$^2$', '$\\uparrow$', '$\\downarrow$', '--', '$\\cdot$']; // prettier-ignore
    assert.deepEqual(written, [...marks, ...signs]);
  });

  test('names of every kind', () => {
    const { tables } = readTex(latexTables([tableOf(nasty)], 'en'));
    assert.equal(tables[0]?.rows.length, 3);
    assert.equal(tables[0].columns, nasty.length);
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...Array.from('[]*\\{}&%$#_~^"\'`-,!?\n\r\t 甲')) }),
    );
    fc.assert(
      fc.property(fc.array(cell, { minLength: 2, maxLength: 5 }), fc.constantFrom('en' as const, 'zh' as const), (cells, language) => {
        const [read] = readTex(latexTables([tableOf(cells)], language)).tables;
        assert.deepEqual(read?.rows.map((row) => row.length), [cells.length, cells.length, cells.length]);
      }),
    ); // prettier-ignore
  });

  test('a bracket that begins a row is no argument of the row before, with spaces before it or without', () => {
    for (const name of ['[b]', '*b', '\n[b]', '  *b'])
      assert.equal(readTex(latexTables([tableOf([name, 'c'])], 'en')).tables[0]?.rows.length, 3, name);
  });

  test('a whole report, in both languages', () => {
    const renamed = JSON.parse(
      JSON.stringify({ ...three, arms: [...three.arms, { id: '[a_b] & 100% {x}$', set: { '/training/epochs': 3 } }] }),
    ) as unknown;
    const comparison = compare(contestOf(evidenceOf(renamed, (arm, task, place) => tabled(arm, task, place) ?? tabled('joint', task, place)))); // prettier-ignore
    for (const language of ['en', 'zh'] as const) {
      const document = readTex(latexReport(comparisonReport(comparison), language));
      assert.ok(document.tables.length >= 6);
      assert.deepEqual(readTex(latexTables(comparisonTables(comparison), language)).tables.length, comparisonTables(comparison).length); // prettier-ignore
      // What booktabs, graphicx and the kernel know; nothing of ours.
      const known = ['documentclass', 'usepackage', 'iftutex', 'else', 'fi', 'pgfplotsset', 'title', 'date', 'begin', 'end', 'maketitle', 'section', 'centering', 'caption', 'resizebox', 'ifdim', 'width', 'linewidth', 'toprule', 'midrule', 'bottomrule', 'textbf', 'textquotedbl', 'textless', 'textgreater', 'textbackslash', 'textasciitilde', 'textasciicircum', 'textbar', 'pm', 'times', 'Delta', 'eta', 'uparrow', 'downarrow', 'cdot']; // prettier-ignore
      const commands = [...document.commands].filter((name) => /^[a-zA-Z]/.test(name));
      assert.deepEqual(commands.filter((name) => !known.includes(name)), []); // prettier-ignore
    }
  });
});

describe('letters', () => {
  test('nothing is drawn together as another name, nothing that cannot be printed is lost', () => {
    assert.equal(escapeLatex("a--b ''c'' ,,d"), "a-{}-b '{}'c'{}' ,{},d");
    assert.equal(escapeLatex('---'), '-{}-{}-');
    assert.equal(escapeLatex('``x?`!`'), '`{}`x?{}`!{}`');
    assert.equal(escapeLatex('1–2, −3'), '1--2, $-$3');
    assert.equal(escapeLatex('a\u0007b\tc'), 'aU+0007b c');
  });

  test('each kind of TeX has its fonts, and the document says which it needs', () => {
    const report = (name: string): string => latexReport({ title: text(name, name), sections: [] }, 'en');
    assert.match(report('a'), /^\\documentclass\{article\}\n\\usepackage\{iftex\}\n\\iftutex\\usepackage\{fontspec\}\\else\\usepackage\[T1\]\{fontenc\}\\fi\n\\usepackage\{booktabs\}/); // prettier-ignore
    for (const latin of ['Größe', '“a” – ‘b’ …', 'Δ ± 1²']) assert.doesNotMatch(report(latin), /XeLaTeX/, latin);
    for (const other of ['α', '→', '😀']) assert.match(report(other), /^% Letters beyond Latin: compile with XeLaTeX/, other); // prettier-ignore
    for (const han of ['甲', '한', '𠀀', '。', '，']) {
      assert.match(report(han), /\\usepackage\[UTF8\]\{ctex\} % compile with XeLaTeX or LuaLaTeX/, han);
      assert.doesNotMatch(report(han), /Letters beyond/);
    }
    assert.match(latexTables([tableOf(['α', 'b'])], 'en'), /^% Needs.*\n%\s+letters beyond Latin/);
    assert.doesNotMatch(latexTables([tableOf(['a', 'b'])], 'en'), /letters beyond|ctex/);
  });

  test('a title ends as its language does', () => {
    assert.match(latexTables([tableOf(['甲', 'b'])], 'zh'), /\\caption\{甲。b\}/);
    assert.match(latexTables([tableOf(['a', 'b'])], 'en'), /\\caption\{a\. b\}/);
  });

  test('numbers of a figure stay within their comment', () => {
    const data = { name: 'f', columns: ['arm'], rows: [['a\nb\r\\end{document}']] };
    const section = { id: 's', title: text('s', 's'), summary: [], tables: [], figures: [{ title: text('f', 'f'), svg: text('', ''), data }] }; // prettier-ignore
    const written = latexReport({ title: text('t', 't'), sections: [section] }, 'en');
    const ends = written.split(/\r\n|\r|\n/).filter((line) => line.includes('end{document}') && !line.startsWith('%'));
    assert.deepEqual(ends, ['\\end{document}']);
    readTex(written);
  });
});
