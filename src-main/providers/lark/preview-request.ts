import { FormData } from 'undici';
import { Fault } from '../../base/fault.ts';
import type { HttpClient, HttpRequest } from '../../base/http-client.ts';
import type { RequestPreview } from '../../contract/tool-views.ts';
import type { ToolContext } from '../provider.ts';
import { LarkCall, type LarkClientParts } from './lark-client.ts';

/** What a tool would send first: it is performed with nobody's token, over a way out that leads nowhere. */
export async function previewRequest(
  perform: (call: LarkCall, input: Record<string, unknown>) => Promise<unknown>,
  client: LarkClientParts,
  input: Record<string, unknown>,
): Promise<RequestPreview> {
  let first: HttpRequest | undefined;
  const nowhere = async (request: HttpRequest) => {
    first ??= request;
    throw new Fault('canceled');
  };
  const http: HttpClient = Object.assign(nowhere, { close: async () => {} });
  const fault = await perform(new LarkCall({ ...client, http }, nobody), input).then(
    () => new Fault('internal'),
    (thrown: unknown) => Fault.from(thrown),
  );
  // What the tool itself finds wrong with its arguments comes before it sends anything.
  if (!first) throw fault;
  return toPreview(first);
}

const nobody: ToolContext = {
  credential: { accountId: '', accessToken: '', brand: 'feishu', appId: null },
  renew: () => Promise.reject(new Fault('canceled')),
  signal: new AbortController().signal,
  answered: () => {},
  say: () => {},
};

function toPreview({ method, url, body }: HttpRequest): RequestPreview {
  const request = { method, path: url.pathname, query: [...url.searchParams] };
  if (body instanceof FormData) return { ...request, kind: 'form', body: fieldsOf(body) };
  return typeof body === 'string'
    ? { ...request, kind: 'json', body: JSON.parse(body) }
    : { ...request, kind: 'none', body: null };
}

function fieldsOf(form: FormData): Record<string, string> {
  return Object.fromEntries(
    [...form].map(([name, value]) => [name, typeof value === 'string' ? value : `(${value.size} bytes)`]),
  );
}
