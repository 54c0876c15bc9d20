/** Entry of the diagram's page. */
import './diagram.css';
import type { DiagramToHost, DiagramToPage } from '../../src/messages/protocol.ts';
import { parseDiagramToPage } from '../../src/messages/protocol.ts';
import { root } from '../dom.ts';
import { connect } from '../host.ts';
import { DiagramPage, type Remembered } from './page.ts';
import { rememberedFrom } from './remembered.ts';
import { stringsFor } from './strings.ts';

let page: DiagramPage | null = null;

const host = connect<DiagramToPage, DiagramToHost>(parseDiagramToPage, (message) => {
  if (!page && message.type === 'hydrate') {
    document.documentElement.lang = message.locale;
    page = new DiagramPage(stringsFor(message.locale), host.post, remembered, host.saveState);
    root().replaceChildren(page.node);
  }
  page?.receive(message);
});

const remembered: Remembered = rememberedFrom(host.savedState);
const { collapse, opened } = remembered;
// Before the first picture, so that it comes as it was left.
if (!collapse || opened.length > 0) host.post({ type: 'view', collapse, opened });
host.post({ type: 'ready' });
