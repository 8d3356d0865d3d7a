/** What names a document: an id, or a link that has one, or a link that DingTalk must be asked about. */
export type DocumentName = { id: string; link?: undefined } | { link: string; id?: undefined };

/** DingTalk's ids keep to these; anything else could leave its place in an address. */
export const idPattern = /^[\w-]{1,128}$/;
const host = /^([\w-]+\.)*dingtalk\.(com|io)$/;
const nodeLink = /\/i\/nodes\/([\w-]{1,128})\/?$/;

/** Undefined for what can be neither. */
export function readDocumentName(text: string): DocumentName | undefined {
  const trimmed = text.trim();
  if (idPattern.test(trimmed)) return { id: trimmed };
  const url = URL.parse(trimmed);
  if (url?.protocol !== 'https:' || !host.test(url.hostname)) return undefined;
  const id = nodeLink.exec(url.pathname)?.[1];
  return id === undefined ? { link: url.href.slice(0, 2000) } : { id };
}

const capacity = 1000;

/**
 * Which document the other two ids mean that DingTalk gives when it creates one: its docKey works for content only, its
 * nodeId for nothing that is offered here.
 */
export class KnownIds {
  readonly #documents = new Map<string, string>();

  add(documentId: string, others: readonly (string | undefined)[]): void {
    for (const other of others) {
      if (other === undefined || other === documentId) continue;
      this.#documents.set(other, documentId);
      if (this.#documents.size <= capacity) continue;
      const [oldest] = this.#documents.keys();
      if (oldest !== undefined) this.#documents.delete(oldest);
    }
  }

  documentOf(id: string): string {
    return this.#documents.get(id) ?? id;
  }
}
