/** A report as one HTML file: no script, nothing from elsewhere; light, dark and on paper. */
import type { Language } from '../../common/text.ts';
import type { Figure, Report, ReportTable, Section } from './contract.ts';
import { escapeXml } from './xml.ts';

const style = `
:root { color-scheme: light dark; --text: #1b1b1b; --back: #fff; --soft: #5a5a5a; --rule: #d5d5d5; --good: #00764f; --bad: #b03a00; }
@media (prefers-color-scheme: dark) { :root { --text: #e6e6e6; --back: #181818; --soft: #a8a8a8; --rule: #444; --good: #3fc995; --bad: #ff8a50; } }
body { font: 15px/1.55 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; color: var(--text); background: var(--back); max-width: 76rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid var(--rule); }
.wide { overflow-x: auto; } table { border-collapse: collapse; margin: 1rem 0 .3rem; font-variant-numeric: tabular-nums; font-size: .88rem; }
caption { text-align: start; font-weight: 600; padding: .3rem 0; } th, td { padding: .25rem .7rem; border-bottom: 1px solid var(--rule); text-align: end; vertical-align: top; }
th { font-weight: 600; } .word { text-align: start; } .note, figcaption { color: var(--soft); font-size: .85rem; } figure { margin: 1.2rem 0; }
svg { max-width: 100%; height: auto; font-size: 12px; } svg text { fill: currentColor; } svg .tick { text-anchor: middle; }
svg .zero, svg .axis { stroke: currentColor; fill: none; } svg .margin { stroke: var(--soft); stroke-dasharray: 4 3; } svg .thin { stroke: currentColor; stroke-width: 1.2; }
svg .thick { stroke: currentColor; stroke-width: 4; } svg .dot { fill: var(--soft); stroke: var(--back); } svg .helps { fill: var(--good); } svg .hurts { fill: var(--bad); }
svg .front { fill: none; stroke: var(--good); stroke-dasharray: 3 3; } svg .faint { opacity: .35; }
@media print { @page { margin: 12mm; } :root { --text: #000; --back: #fff; --soft: #444; --rule: #bbb; --good: #00764f; --bad: #b03a00; } body { max-width: none; padding: 0; } section, figure, table { break-inside: avoid; } .wide { overflow: visible; } table { font-size: .6rem; } th, td { padding: .15rem .25rem; } td:not(.word) { white-space: nowrap; } .word { min-width: 3.5em; } }
`;

export function htmlReport({ title, sections }: Report, language: Language): string {
  const name = escapeXml(title[language]);
  const body = sections.map((section) => sectionHtml(section, language)).join('\n');
  return `<!DOCTYPE html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${name}</title>
<style>${style}</style>
</head>
<body>
<h1>${name}</h1>
${body}
</body>
</html>
`;
}

function sectionHtml({ id, title, summary, tables, figures }: Section, language: Language): string {
  return [
    `<section id="${escapeXml(id)}">`,
    `<h2>${escapeXml(title[language])}</h2>`,
    ...summary.map((sentence) => `<p>${escapeXml(sentence[language])}</p>`),
    ...figures.map((figure) => figureHtml(figure, language)),
    ...tables.map((table) => tableHtml(table, language)),
    '</section>',
  ].join('\n');
}

function figureHtml({ title, svg }: Figure, language: Language): string {
  return `<figure>${svg[language]}<figcaption>${escapeXml(title[language])}</figcaption></figure>`;
}

function tableHtml({ title, columns, words, rows, note }: ReportTable, language: Language): string {
  const place = (index: number): string => (index < words ? ' class="word"' : '');
  const head = columns.map((column, index) => `<th scope="col"${place(index)}>${escapeXml(column[language])}</th>`);
  const body = rows.map((cells) => {
    const written = cells.map(({ text, bold }, index) => {
      const escaped = escapeXml(text[language]);
      return `<td${place(index)}>${bold === true ? `<strong>${escaped}</strong>` : escaped}</td>`;
    });
    return `<tr>${written.join('')}</tr>`;
  });
  const told = note === undefined ? '' : `\n<p class="note">${escapeXml(note[language])}</p>`;
  return [
    '<div class="wide"><table>',
    `<caption>${escapeXml(title[language])}</caption>`,
    `<thead><tr>${head.join('')}</tr></thead>`,
    `<tbody>\n${body.join('\n')}\n</tbody>`,
    `</table></div>${told}`,
  ].join('\n');
}
