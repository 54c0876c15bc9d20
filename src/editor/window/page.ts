/** The HTML around a webview's bundle, with the narrowest policy that lets it run (conventions 13.4). Pure. */

export type PageName = 'diagram' | 'losses' | 'experiment' | 'doctor';

export interface PageParts {
  readonly page: PageName;
  /** `webview.cspSource`. */
  readonly source: string;
  readonly script: string;
  readonly style: string;
  /** Random, new for every page. */
  readonly nonce: string;
  readonly language: string;
  readonly title: string;
  /** Address of the document that the page belongs to; the page saves it, and is revived by it. */
  readonly document?: string;
}

/** Content security policy: nothing but our one script and style; inline styles for Mermaid's picture alone. */
export function contentSecurityPolicy({ page, source, nonce }: Pick<PageParts, 'page' | 'source' | 'nonce'>): string {
  const inDiagram = page === 'diagram';
  return [
    `default-src 'none'`,
    // What default-src does not cover: where relative addresses and forms would lead.
    `base-uri 'none'`,
    `form-action 'none'`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} ${inDiagram ? `'unsafe-inline'` : `'nonce-${nonce}'`}`,
    `font-src ${source}`,
    // The chart is drawn anew as a picture of its own to become PNG.
    ...(inDiagram ? ['img-src data: blob:'] : page === 'losses' ? ['img-src blob:'] : []),
  ].join('; ');
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}

/** The UI toolkit looks for the nonce in `csp-nonce` for the one style element that it probes the browser with. */
export function pageHtml(parts: PageParts): string {
  const place = parts.document === undefined ? '' : ` data-document="${escapeHtml(parts.document)}"`;
  return `<!DOCTYPE html>
<html lang="${escapeHtml(parts.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(contentSecurityPolicy(parts))}">
<meta property="csp-nonce" content="${parts.nonce}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(parts.title)}</title>
<link rel="stylesheet" href="${escapeHtml(parts.style)}">
</head>
<body${place}>
<div id="root"></div>
<script nonce="${parts.nonce}" src="${escapeHtml(parts.script)}"></script>
</body>
</html>
`;
}
