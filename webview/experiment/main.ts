/** Entry of the comparison's page. */
import './experiment.css';
import type { ExperimentToHost, ExperimentToPage } from '../../src/messages/protocol.ts';
import { parseExperimentToPage } from '../../src/messages/protocol.ts';
import { root } from '../dom.ts';
import { connect } from '../host.ts';
import { stringsFor } from './language.ts';
import { ExperimentPage } from './page.ts';
import type { ViewState } from './view.ts';

let page: ExperimentPage | null = null;

const host = connect<ExperimentToPage, ExperimentToHost>(parseExperimentToPage, (message) => {
  // The language comes with the first message; nothing can be drawn before.
  if (!page && message.type === 'hydrate') {
    document.documentElement.lang = message.locale;
    const saved =
      typeof host.savedState === 'object' && host.savedState !== null ? (host.savedState as Partial<ViewState>) : {};
    page = new ExperimentPage(stringsFor(message.locale), host.post, saved, host.saveState);
    root().replaceChildren(page.node);
  }
  page?.receive(message);
});

host.post({ type: 'ready' });
