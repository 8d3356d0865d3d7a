import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * The Feishu that both servers face: sign-in, tokens and one data route, answered at once from ready-made text.
 * Runs as its own process and tells its parent its URL.
 */
const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
  // Answered when the body is there, as Feishu does; nothing in it is needed.
  request.resume().once('end', () => answer(request, response));
});

server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}` });
});
process.once('disconnect', () => process.exit(0));

const people: Record<string, string> = { 'Bearer u-bench': 'user', 'Bearer t-bench': 'app' };
const searchPath = /^\/open-apis\/bitable\/v1\/apps\/[^/]+\/tables\/([^/?]+)\/records\/search/;

function answer(request: IncomingMessage, response: ServerResponse): void {
  const path = request.url ?? '/';
  const table = searchPath.exec(path)?.[1];
  if (table !== undefined) return search(table, request, response);
  const url = new URL(path, 'http://upstream');
  if (url.pathname === '/open-apis/authen/v1/authorize') return consent(url, response);
  const ready = documents[url.pathname];
  if (ready) return json(response, 200, ready);
  response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found');
}

function search(table: string, request: IncomingMessage, response: ServerResponse): void {
  const who = people[request.headers.authorization ?? ''];
  if (!who) return json(response, 400, '{"code":99991668,"msg":"Invalid access token"}');
  json(response, 200, `${recordsBefore}"Notes":"${table} read by the ${who}."}}]}}`);
}

/** The person agrees without being asked. */
function consent(url: URL, response: ServerResponse): void {
  const back = new URL(url.searchParams.get('redirect_uri') ?? '');
  back.searchParams.set('code', 'bench-code');
  back.searchParams.set('state', url.searchParams.get('state') ?? '');
  response.writeHead(302, { location: back.href }).end();
}

function json(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'x-tt-logid': '20260101000000000000000000000000',
  });
  response.end(text);
}

const userTokens = JSON.stringify({
  code: 0,
  access_token: 'u-bench',
  token_type: 'Bearer',
  expires_in: 7200,
  refresh_token: 'r-bench',
  refresh_token_expires_in: 604_800,
  scope: 'offline_access bitable:app',
});

const documents: Record<string, string> = {
  '/oauth/v3/token': userTokens,
  '/open-apis/authen/v2/oauth/token': userTokens,
  '/open-apis/auth/v3/tenant_access_token/internal': JSON.stringify({
    code: 0,
    msg: 'ok',
    tenant_access_token: 't-bench',
    expire: 7200,
  }),
  '/open-apis/authen/v1/user_info': JSON.stringify({
    code: 0,
    msg: 'success',
    data: {
      name: 'Bench',
      open_id: 'ou_bench',
      union_id: 'on_bench',
      tenant_key: 'bench',
      avatar_url: 'https://example.com/a.png',
    },
  }),
};

/** 50 records, about 6 KB; the last field is left for what only this answer says. */
const recordsBefore = (() => {
  const records = Array.from({ length: 50 }, (_, index) => ({
    record_id: `rec${String(index).padStart(8, '0')}`,
    fields: { Name: `Item ${index}`, State: index % 2 ? 'open' : 'done', Amount: index * 10, Owner: 'Zhang San' },
  }));
  const body = JSON.stringify({ code: 0, msg: 'success', data: { has_more: false, total: 50, items: records } });
  return `${body.slice(0, -'}}]}}'.length)},`;
})();
