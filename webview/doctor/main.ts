/** Entry of the doctor's page. */
import './doctor.css';
import type { DoctorToHost, DoctorToPage } from '../../src/messages/protocol.ts';
import { parseDoctorToPage } from '../../src/messages/protocol.ts';
import { root } from '../dom.ts';
import { connect } from '../host.ts';
import { DoctorPage } from './page.ts';
import { stringsFor } from './strings.ts';

let page: DoctorPage | null = null;

const host = connect<DoctorToPage, DoctorToHost>(parseDoctorToPage, ({ locale, findings }) => {
  if (!page) {
    document.documentElement.lang = locale;
    page = new DoctorPage(stringsFor(locale), host.post);
    root().replaceChildren(page.node);
  }
  page.show(findings);
});

host.post({ type: 'ready' });
