/** HTML by template: everything put in is escaped, unless it is such a template itself. */

export interface Html {
  readonly markup: string;
}

type Value = string | number | Html | readonly Html[];

export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  const markup = strings.reduce((text, part, index) => text + render(values[index - 1] ?? '') + part);
  return { markup };
}

export const nothing: Html = { markup: '' };

function render(value: Value): string {
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
