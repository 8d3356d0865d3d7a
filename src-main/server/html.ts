/** Markup that is safe to send. */
export class Html {
  readonly text: string;

  /** `text` is taken as it stands: it must come from this program's own sources. Elsewhere `html` makes it. */
  constructor(text: string) {
    this.text = text;
  }
}

export type HtmlValue = Html | readonly Html[] | string | number | undefined;

/** A tagged template: every value is escaped unless it is markup itself; undefined is nothing. */
export function html(parts: TemplateStringsArray, ...values: HtmlValue[]): Html {
  return new Html(parts.map((part, index) => part + textOf(values[index])).join(''));
}

function textOf(value: HtmlValue): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  return value.map(textOf).join('');
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
