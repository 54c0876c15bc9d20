/** Entry of the diagram's page. */
import './diagram.css';
import type { DiagramToHost, DiagramToPage } from '../../src/messages/protocol.ts';
import { parseDiagramToPage } from '../../src/messages/protocol.ts';
import { root } from '../dom.ts';
import { connect } from '../host.ts';
import { DiagramPage } from './page.ts';
import { stringsFor } from './strings.ts';
import type { View } from './viewport.ts';

let page: DiagramPage | null = null;

const host = connect<DiagramToPage, DiagramToHost>(parseDiagramToPage, (message) => {
  if (!page && message.type === 'hydrate') {
    document.documentElement.lang = message.locale;
    const saved = (host.savedState as View | null | undefined) ?? null;
    page = new DiagramPage(stringsFor(message.locale), host.post, saved, host.saveState);
    root().replaceChildren(page.node);
  }
  page?.receive(message);
});

host.post({ type: 'ready' });
