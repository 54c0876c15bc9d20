// The formats of a comparison against golden files, in both languages; escaping; what a program reads from them.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { csvText } from '../../../../src/common/csv.ts';
import { compare } from '../../../../src/experiment/comparison/compare.ts';
import type { Comparison } from '../../../../src/experiment/comparison/contract.ts';
import { contestOf } from '../../../../src/experiment/comparison/experiment.ts';
import { figureCsv, summaryCsv, valuesCsv } from '../../../../src/experiment/report/csv.ts';
import type { Curve } from '../../../../src/experiment/report/curves.ts';
import { htmlReport } from '../../../../src/experiment/report/html.ts';
import { comparisonJson } from '../../../../src/experiment/report/json.ts';
import { junitXml } from '../../../../src/experiment/report/junit.ts';
import { escapeLatex, latexReport, latexTables } from '../../../../src/experiment/report/latex.ts';
import { escapeMarkdown, markdownReport, markdownTables } from '../../../../src/experiment/report/markdown.ts';
import { comparisonReport, comparisonTables } from '../../../../src/experiment/report/sections.ts';
import { evidenceOf, tabled, three, type Values } from '../comparison/evidence.ts';
import { all, parseXml } from './xml.ts';

const made = (experiment: unknown, values: Values = tabled): Comparison =>
  compare(contestOf(evidenceOf(experiment, values)));

/** With a failure, an undecided comparison and a run that has not ended. */
const mixed = made(
  {
    ...three,
    hypotheses: [
      ...three.hypotheses,
      { id: 'H<4>', claim: 'superior', measure: 'size', arms: ['wide', 'single'] },
      { id: 'H5', claim: 'equivalent', measure: 'kind', arms: ['joint', 'wide'] },
    ],
  },
  (arm, task, place) => (arm === 'joint' && place === 2 ? 'failed' : tabled(arm, task, place)),
);

const curves: readonly Curve[] = ['joint', 'wide'].flatMap((arm, index) =>
  [3, 4].map((seed) => ({
    ...{ arm, seed, task: 'kind' },
    points: [1, 2, 3].map((epoch) => ({ epoch, value: 0.5 + epoch / 10 + seed / 100 + index / 20 })),
  })),
);

const folder = new URL('../../../golden/comparison/', import.meta.url);

function golden(name: string, content: string): void {
  const file = new URL(name, folder);
  if (process.env['UPDATE_GOLDEN'] !== undefined) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, content);
  }
  assert.equal(content, readFileSync(file, 'utf8'), name);
}

const report = comparisonReport(mixed, curves);

describe('golden files', () => {
  test('JSON', () => golden('comparison.json', `${comparisonJson(mixed)}\n`));
  test('CSV', () => {
    golden('values.csv', valuesCsv(mixed));
    golden('summary.csv', summaryCsv(mixed));
  });
  test('Markdown', () => {
    golden('report.en.md', markdownReport(report, 'en'));
    golden('report.zh.md', markdownReport(report, 'zh'));
  });
  test('LaTeX', () => {
    golden('report.en.tex', latexReport(report, 'en'));
    golden('report.zh.tex', latexReport(report, 'zh'));
  });
  test('HTML', () => {
    golden('report.en.html', htmlReport(report, 'en'));
    golden('report.zh.html', htmlReport(report, 'zh'));
  });
  test('JUnit', () => golden('junit.xml', junitXml(mixed, 'en')));
});

describe('JSON', () => {
  test('the fields of the contract, in this order', () => {
    const json = comparisonJson(mixed);
    assert.match(
      json,
      /^\{"v":1,"arms":\[\{"id":"joint","n":5,"failed":1,"measures":\{"kind":\{"metric":"accuracy","values":\[0\.91,0\.93,null,0\.94,0\.92\],"mean":/,
    );
    const value = JSON.parse(json) as {
      arms: {
        id: string;
        deltaM: { values: unknown[]; mean: number; interval: number[] } | null;
        measures: Record<string, { delta: Record<string, unknown> | null; states: string[] }>;
      }[];
      baseline: string;
      correlation: Record<string, unknown>;
    };
    assert.equal(value.baseline, 'single');
    const [joint, single, wide] = value.arms;
    for (const key of ['mean', 'interval', 'p', 'adjustedP', 'verdict'])
      assert.ok(key in (wide?.measures['kind']?.delta ?? {}), key);
    assert.deepEqual(Object.keys(wide?.deltaM ?? {}).slice(0, 3), ['values', 'mean', 'interval']);
    assert.equal(single?.deltaM, null);
    assert.equal(single.measures['kind']?.delta, null);
    assert.deepEqual(joint?.measures['kind']?.states, ['value', 'value', 'failed', 'value', 'value']);
    assert.deepEqual(Object.keys(value.correlation), ['tasks', 'pooled', 'arms']);
  });
});

describe('CSV', () => {
  test('a row an arm, task and seed', () => {
    const lines = valuesCsv(mixed).trimEnd().split('\r\n');
    assert.equal(lines.length, 1 + 3 * 2 * 5);
    assert.equal(lines[1], 'joint,false,kind,accuracy,test,3,value,0.91');
    assert.equal(lines[3], 'joint,false,kind,accuracy,test,5,failed,');
    assert.ok(lines.includes('single,true,size,mae,test,7,value,1.13'));
    assert.equal(summaryCsv(mixed).trimEnd().split('\r\n').length, 1 + 3 * 2);
  });

  test('names that are formulas, quotes, line ends, numbers', () => {
    assert.equal(
      csvText(
        ['a,b', 'c'],
        [
          ['=1+1', '-1.5'],
          ['say "hi"', 'x\ny'],
          ['@x', -2],
          [null, true],
        ],
      ),
      '"a,b",c\r\n\'=1+1,-1.5\r\n"say ""hi""","x\ny"\r\n\'@x,-2\r\n,true\r\n',
    );
  });
});

describe('escaping', () => {
  test('LaTeX', () => {
    assert.equal(escapeLatex('a_b & 50% $x$ #1 {y} ~ ^ \\ <|>"'), 'a\\_b \\& 50\\% \\$x\\$ \\#1 \\{y\\} \\textasciitilde{} \\textasciicircum{} \\textbackslash{} \\textless{}\\textbar{}\\textgreater{}\\textquotedbl{}'); // prettier-ignore
    assert.equal(escapeLatex('−1 ± 2 × Δ\n\nx'), '$-$1 $\\pm$ 2 $\\times$ $\\Delta$ x');
  });
  test('Markdown', () => {
    assert.equal(
      escapeMarkdown('a|b *c* _d_ `e` <f> [g] \\ #\nh'),
      'a\\|b \\*c\\* \\_d\\_ \\`e\\` \\<f\\> \\[g\\] \\\\ \\# h',
    );
  });
  test('names of strangers in every format', () => {
    const name = '</script><b>&"\\end{table}|*x*';
    const evil = made({ ...three, arms: [...three.arms, { id: name }], hypotheses: [] }, (arm, task, place) =>
      tabled(arm === name ? 'wide' : arm, task, place),
    );
    const own = comparisonReport(evil);
    assert.doesNotMatch(htmlReport(own, 'en'), /<b>|<\/script>/);
    assert.doesNotMatch(latexReport(own, 'en').replaceAll(/^%.*$/gm, ''), /&"\\end\{table\}/);
    assert.doesNotMatch(markdownReport(own, 'en'), /<b>/);
  });
});

describe('LaTeX', () => {
  test('bold stands only where something is decided', () => {
    const undecided = made(three, (arm, task, place) => (place > 0 ? 'missing' : tabled(arm, task, place)));
    assert.doesNotMatch(latexTables(comparisonTables({ ...undecided, hypotheses: [] }), 'en'), /textbf/);
    assert.match(latexTables(comparisonTables(mixed), 'en'), /\\textbf\{0\.9412\}/);
    assert.doesNotMatch(
      markdownTables(comparisonTables({ ...undecided, hypotheses: [] }).slice(0, 1), 'en')
        .split('\n')
        .slice(2)
        .join('\n'),
      /\*\*/,
    );
  });
  test('Chinese asks for ctex, English does not', () => {
    const tables = comparisonTables(mixed);
    assert.match(latexTables(tables, 'zh'), /^% Needs:.*booktabs.*\n% .*ctex/);
    assert.doesNotMatch(latexTables(tables, 'en'), /ctex/);
    assert.match(latexReport(report, 'zh'), /\\usepackage\[UTF8\]\{ctex\}/);
    assert.doesNotMatch(latexReport(report, 'en'), /ctex/);
  });
  test('as many cells in every line as columns', () => {
    for (const table of latexTables(comparisonTables(mixed), 'en').split('\\begin{tabular}').slice(1)) {
      const [, layout = ''] = /^\{([lr]+)\}/.exec(table) ?? [];
      const lines = table.split('\n').filter((line) => line.endsWith(' \\\\'));
      assert.ok(lines.length > 1);
      for (const line of lines) assert.equal(line.split(' & ').length, layout.length);
    }
  });
});

describe('HTML', () => {
  const page = htmlReport(report, 'zh');
  test('one file: no script, nothing from elsewhere, both themes and paper', () => {
    assert.doesNotMatch(page, /<script|https?:|<link|<img|@import|url\(/);
    assert.match(page, /prefers-color-scheme: dark/);
    assert.match(page, /@media print/);
    assert.match(page, /<html lang="zh-CN">/);
    assert.match(htmlReport(report, 'en'), /<html lang="en">/);
  });
  test('a forest plot a task, a Pareto plot, curves; all of them well-formed, with a title and a table', () => {
    const drawings = page.match(/<svg[^]*?<\/svg>/g) ?? [];
    assert.equal(drawings.length, 2 + 1 + 1);
    for (const drawing of drawings) {
      const svg = parseXml(drawing);
      assert.equal(svg.children[0]?.name, 'title');
      for (const { attributes } of all(svg, 'line')) {
        for (const key of ['x1', 'x2', 'y1', 'y2']) assert.ok(Number.isFinite(Number(attributes.get(key))), drawing);
      }
    }
    assert.match(page, /<caption>/);
  });
});

describe('figure data', () => {
  test('names of files, numbers of the curves: mean and sd over seeds', () => {
    const figures = report.sections.flatMap((section) => section.figures);
    assert.deepEqual(
      figures.map(({ data }) => data.name),
      ['forest-1', 'curve-1', 'forest-2', 'pareto-1'],
    );
    const curve = figures.find(({ data }) => data.name === 'curve-1');
    assert.ok(curve);
    const [first] = curve.data.rows;
    assert.deepEqual(first?.slice(0, 5), ['joint', 'kind', 'accuracy', 1, 2]);
    assert.ok(Math.abs(Number(first[5]) - 0.635) < 1e-12 && Math.abs(Number(first[6]) - Math.SQRT1_2 / 100) < 1e-12);
    assert.match(figureCsv(curve.data), /^arm,task,metric,epoch,seeds,mean,sd\r\n/);
  });
});

describe('JUnit', () => {
  test('a test case each: refuted fails, undecided is skipped', () => {
    const suites = parseXml(junitXml(mixed, 'zh'));
    const cases = all(suites, 'testcase');
    assert.deepEqual(
      cases.map(({ children }) => children[0]?.name),
      ['system-out', 'system-out', 'skipped', 'failure', 'skipped'],
    );
    const [suite] = suites.children;
    assert.deepEqual(
      ['tests', 'failures', 'errors', 'skipped'].map((key) => suite?.attributes.get(key)),
      ['5', '1', '0', '2'],
    );
    assert.match(cases[3]?.attributes.get('name') ?? '', /^H<4>: wide 优于 single/);
    assert.match(cases[3]?.children[0]?.text ?? '', /^更差：/);
    assert.deepEqual(
      suite?.children.filter(({ name }) => name === 'system-out'),
      [],
    );
  });

  test('that they do not hold together, and looks that were not declared, stand in the output of the suite', () => {
    const joint: Comparison = {
      ...made({ ...three, analysis: { family: 'all' } }),
      looks: { count: 3, declared: 1, problem: null },
    };
    const [suite] = parseXml(junitXml(joint, 'en')).children;
    const output = suite?.children.filter(({ name }) => name === 'system-out') ?? [];
    assert.equal(output.length, 1);
    assert.match(
      output[0]?.text ?? '',
      /^(All hypotheses together hold|The hypotheses do not hold all together).*\nThe test split has been looked at 3 times with different results; declared: 1\./s,
    );
  });
});
