import { Fault } from '../base/fault.ts';
import { maskSecrets } from '../base/mask.ts';
import { type ExportQuery, exportQuery } from '../contract/record-views.ts';
import type { CallView } from '../contract/views.ts';
import type { CallFilter } from './call-conditions.ts';
import { wrongFields } from './field-words.ts';

/** A download: made piece by piece, as fast as somebody takes the pieces. */
export interface Download {
  filename: string;
  contentType: string;
  pieces: AsyncIterable<string>;
}

interface ExportParts {
  /** Throws where the records cannot be read: a download must not look whole when it is not. */
  calls(filter: CallFilter): { calls: CallView[]; next: string | null };
  now(): number;
}

const page = 500;

/** All calls that fit a query of `GET /control/export`, the newest first. Throws `invalid_request`. */
export function exportCalls(query: unknown, { calls, now }: ExportParts): Download {
  const parsed = exportQuery.safeParse(query);
  if (!parsed.success) {
    const fields = parsed.error.issues.map((issue) => issue.path.join('.') || 'query');
    throw new Fault('invalid_request', { words: wrongFields(fields), details: { fields } });
  }
  const { format, ...conditions } = parsed.data;
  const { contentType, head, line } = forms[format];
  const day = new Date(now()).toISOString().slice(0, 10);
  return {
    filename: `larkgate-calls-${day}.${format}`,
    contentType,
    pieces: piecesOf(head, line, (before) => calls({ ...conditions, before, limit: page })),
  };
}

async function* piecesOf(
  head: string,
  line: (call: CallView) => string,
  read: (before: string | undefined) => { calls: CallView[]; next: string | null },
): AsyncGenerator<string> {
  if (head !== '') yield head;
  let before: string | undefined;
  do {
    const { calls, next } = read(before);
    if (calls.length > 0) yield calls.map((call) => line(call)).join('');
    before = next ?? undefined;
    // A page takes milliseconds; calls that run get theirs in between.
    await new Promise((resolve) => setImmediate(resolve));
  } while (before !== undefined);
}

const columns = [
  'startedAt',
  'tool',
  'outcome',
  'fault',
  'client',
  'accountId',
  'risk',
  'ms',
  'upstreamMs',
  'upstreamCode',
  'logId',
  'provider',
  'sessionId',
  'keyId',
  'id',
  'argumentsSha256',
] as const satisfies readonly (keyof CallView)[];

const forms: Record<ExportQuery['format'], { contentType: string; head: string; line(call: CallView): string }> = {
  jsonl: {
    contentType: 'application/x-ndjson; charset=utf-8',
    head: '',
    line: (call) => `${JSON.stringify({ ...call, startedAt: timeOf(call) }, maskTexts)}\n`,
  },
  csv: {
    contentType: 'text/csv; charset=utf-8',
    // The mark at the beginning tells Excel that this is UTF-8.
    head: `\uFEFF${columns.join(',')}\r\n`,
    line: (call) =>
      `${columns.map((column) => cell(column === 'startedAt' ? timeOf(call) : call[column])).join(',')}\r\n`,
  },
};

/** Value by value: the id of a session, after its name, would be taken for one that is a secret. */
function maskTexts(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? maskSecrets(value) : value;
}

function timeOf({ startedAt }: CallView): string {
  return new Date(startedAt).toISOString();
}

/** One cell (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe in front and is a text. */
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const masked = maskSecrets(value);
  const text = /^\s*[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/.test(masked) ? `'${masked}` : masked;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
