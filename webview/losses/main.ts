/** Entry of the loss panel's page. */
import './losses.css';
import type { LossesToHost, LossesToPage } from '../../src/messages/protocol.ts';
import { parseLossesToPage } from '../../src/messages/protocol.ts';
import { root } from '../dom.ts';
import { connect } from '../host.ts';
import { LossPanel } from './panel.ts';
import { stringsFor } from './strings.ts';
import type { ViewState } from './view.ts';

let panel: LossPanel | null = null;

const host = connect<LossesToPage, LossesToHost>(parseLossesToPage, (message) => {
  // The language comes with the first message; nothing can be drawn before.
  if (!panel && message.type === 'hydrate') {
    document.documentElement.lang = message.locale;
    const saved =
      typeof host.savedState === 'object' && host.savedState !== null ? (host.savedState as Partial<ViewState>) : {};
    panel = new LossPanel(stringsFor(message.locale), host.post, saved, host.saveState);
    root().replaceChildren(panel.node);
  }
  panel?.receive(message);
});

host.post({ type: 'ready' });
