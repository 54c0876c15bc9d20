/** Entry of the diagram's page. */
import './diagram.css';
import type { DiagramToHost, DiagramToPage } from '../../src/messages/protocol.ts';
import { parseDiagramToPage } from '../../src/messages/validate.ts';
import { root } from '../dom.ts';
import { connect } from '../host.ts';
import { DiagramPage } from './page.ts';
import { stringsFor } from './strings.ts';
import type { View } from './viewport.ts';

let page: DiagramPage | null = null;

/** What the host needs to bring the panel back after a reload, and the view as the person left it. */
interface Saved {
  readonly uri?: string;
  readonly view?: View;
}

const host = connect<DiagramToPage, DiagramToHost>(parseDiagramToPage, (message) => {
  if (!page && message.type === 'hydrate') {
    document.documentElement.lang = message.locale;
    const saved = (host.savedState ?? {}) as Saved;
    const uri = root().dataset['uri'];
    const save = (view: View): void => host.saveState({ ...(uri === undefined ? {} : { uri }), view } satisfies Saved);
    page = new DiagramPage(stringsFor(message.locale), host.post, saved.view ?? null, save);
    root().replaceChildren(page.node);
  }
  page?.receive(message);
});

host.post({ type: 'ready' });
