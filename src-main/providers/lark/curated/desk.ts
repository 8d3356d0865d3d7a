import type { z } from 'zod';
import { FormData } from 'undici';
import { Fault } from '../../../base/fault.ts';
import type { Language } from '../../../contract/words.ts';
import type { LarkCall } from '../lark-client.ts';
import { type LarkFile, type LarkRequest, toQuery, toSegment } from '../lark-request.ts';
import type { LocalFiles } from './local-files.ts';

export interface DeskParts {
  language: Language;
  files: LocalFiles;
}

/** One request, and what is wanted of its answer. */
export interface Ask<T> {
  method?: LarkRequest['method'];
  path: string;
  query?: Record<string, unknown>;
  body?: unknown;
  form?: FormData;
  answer: z.ZodType<T>;
}

/** Thrown where a rehearsed call would have written. Not an error: it carries what the call tells instead. */
export class Rehearsal extends Error {
  override readonly name = 'Rehearsal';
  readonly told: Record<string, unknown>;

  constructor(request: LarkRequest) {
    super('rehearsed');
    const { method, path, query, body, form } = request;
    this.told = {
      dry_run: true,
      would_send: { method, path, query: Object.fromEntries(query), body: form ? fieldsOf(form) : body },
    };
  }
}

/** Where a curated tool does its work: it asks Feishu, reads what it needs of the answer, and rehearses writes. */
export class Desk {
  readonly language: Language;
  readonly files: LocalFiles;
  readonly dryRun: boolean;
  readonly #call: LarkCall;
  #logId: string | null = null;

  constructor(call: LarkCall, { language, files }: DeskParts, dryRun: boolean) {
    this.#call = call;
    this.language = language;
    this.files = files;
    this.dryRun = dryRun;
  }

  /** Feishu's id of the last exchange. */
  get logId(): string | null {
    return this.#logId;
  }

  get now(): number {
    return this.#call.now;
  }

  /** A request without effect. It may be repeated when its answer is lost. */
  read<T>(ask: Ask<T>): Promise<T> {
    return this.#send(toRequest(ask), 'read', ask.answer);
  }

  /** A request with an effect. `once`: it carries a key by which Feishu does it one time only. */
  write<T>(ask: Ask<T>, once?: 'once'): Promise<T> {
    const request = toRequest(ask);
    if (this.dryRun) throw new Rehearsal(request);
    return this.#send(request, once ? 'repeatable' : 'write', ask.answer);
  }

  /** A file's bytes, or a range of them, such as "bytes=0-99". */
  async file(path: string, query: Record<string, unknown> = {}, range?: string): Promise<LarkFile> {
    const file = range === undefined ? {} : { range };
    const answer = await this.#call.send({ method: 'GET', path: root + path, query: toQuery(query), file }, 'read');
    this.#logId = answer.logId;
    if (isLarkFile(answer.data)) return answer.data;
    throw new Fault('upstream_broken', { details: { logId: answer.logId } });
  }

  async #send<T>(request: LarkRequest, effect: 'read' | 'write' | 'repeatable', schema: z.ZodType<T>): Promise<T> {
    const { data, logId } = await this.#call.send(request, effect);
    this.#logId = logId;
    const parsed = schema.safeParse(data);
    if (parsed.success) return parsed.data;
    throw new Fault('upstream_broken', { cause: parsed.error, details: { logId } });
  }
}

const root = '/open-apis';

function toRequest<T>({ method = 'GET', path, query = {}, body, form }: Ask<T>): LarkRequest {
  return {
    method,
    path: root + path,
    query: toQuery(query),
    ...(body !== undefined && { body }),
    ...(form && { form }),
  };
}

function isLarkFile(data: unknown): data is LarkFile {
  return typeof data === 'object' && data !== null && 'bytes' in data;
}

/** A path with ids in it: at`/im/v1/chats/${id}`. An id stays in its segment whatever it holds. */
export function at(texts: TemplateStringsArray, ...ids: string[]): string {
  return texts.reduce((path, text, index) => path + (index > 0 ? toSegment('id', ids[index - 1]) : '') + text, '');
}

export function toForm(fields: Record<string, string | Blob>, fileName?: string): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') form.set(name, value);
    else form.set(name, value, fileName);
  }
  return form;
}

function fieldsOf(form: FormData): Record<string, string> {
  return Object.fromEntries(
    [...form].map(([name, value]) => [name, typeof value === 'string' ? value : `(${value.size} bytes)`]),
  );
}

/** What an endpoint that is not documented says, or, where it is not there, what a documented one does. */
export async function orDocumented<T>(preferred: () => Promise<T>, documented: () => Promise<T>): Promise<T> {
  try {
    return await preferred();
  } catch (thrown) {
    if (thrown instanceof Fault && thrown.code === 'upstream_broken' && thrown.details?.status === 404)
      return documented();
    throw thrown;
  }
}

/** What only adorns a result, or undefined where this person may not see it. */
export async function ifAllowed<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    if (thrown instanceof Fault && adornment.has(thrown.code)) return undefined;
    throw thrown;
  }
}

const adornment = new Set<Fault['code']>([
  'scope_required',
  'app_scope_required',
  'upstream_refused',
  'upstream_broken',
]);
