/**
 * Draws the document that stands in the page, and each one that the editor sends.
 */
import { render } from 'preact';

import { parseDocument } from './document';
import { connect } from './host';
import { Page } from './page';

const place = document.getElementById('page');
const embedded = document.getElementById('orps-document')?.textContent ?? 'null';

const host = connect(draw);
draw(JSON.parse(embedded));

function draw(json: unknown): void {
  if (place !== null && json !== null) {
    render(<Page search={parseDocument(json)} host={host} />, place);
  }
}
