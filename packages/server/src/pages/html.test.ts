import { expect, test } from 'vitest';
import { html } from './html.ts';

test('what is put in is escaped, in text and in attributes', () => {
  const name = `"'><script>alert(1)</script>&\``;
  const { markup } = html`<p title="${name}">${name}</p>`;
  expect(markup).not.toMatch(/<script|title=""/);
  expect(markup.match(/&#60;script&#62;/g)).toHaveLength(2);
});

test('templates inside templates are not escaped twice', () => {
  const items = ['a<b', 'c'].map((text) => html`<li>${text}</li>`);
  expect(html`<ol>${items}</ol>`.markup).toBe('<ol><li>a&#60;b</li><li>c</li></ol>');
});
