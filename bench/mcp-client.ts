import { type Answer, HttpConnection } from './http-connection.ts';
import type { Endpoint } from './jobs.ts';

const searchTool = 'bitable_v1_appTableRecord_search';
const clientInfo = { name: 'bench', version: '1.0.0' };

/** An MCP client on one connection. Every answer is checked; a wrong one rejects. */
export class McpClient {
  readonly #endpoint: Endpoint;
  readonly #posts: HttpConnection;
  readonly #events: HttpConnection | undefined;
  readonly #headers: Record<string, string>;
  /** Ends every `params` object that this dialect sends. */
  readonly #meta: string;
  static #ids = 0;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    this.#posts = new HttpConnection(endpoint.url);
    this.#headers = {
      ...endpoint.headers,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
    if (endpoint.dialect === 'session') this.#events = new HttpConnection(endpoint.url);
    this.#meta = endpoint.dialect === 'stateless' ? `"_meta":${modernMeta}` : '';
  }

  /** Does what a client does before its first request. */
  async open(): Promise<void> {
    if (this.#endpoint.dialect === 'session') await this.#shakeHands();
    if (this.#endpoint.dialect === 'stateless') await this.#discover();
  }

  async list(): Promise<Buffer> {
    const id = this.#nextId();
    const body = await this.#request(id, `"method":"tools/list","params":{${this.#meta}}`, {
      'mcp-method': 'tools/list',
    });
    expect(body.includes(`"name":"`) && body.includes('"inputSchema"'), 'The list holds no tools', body);
    return body;
  }

  async call(): Promise<Buffer> {
    const id = this.#nextId();
    const argumentText = `{"path":{"app_token":"bascnbench","table_id":"tbl${id}"},"params":{"page_size":50},"data":{}}`;
    const params = `{"name":"${searchTool}","arguments":${argumentText}${this.#meta && `,${this.#meta}`}}`;
    const body = await this.#request(id, `"method":"tools/call","params":${params}`, {
      'mcp-method': 'tools/call',
      'mcp-name': searchTool,
    });
    // Each call reads a table of its own, so an answer that belongs to another call is noticed.
    expect(body.includes(`tbl${id} read by the ${this.#endpoint.reads}.`), 'The call read something else', body);
    expect(!body.includes('"isError":true'), 'The call failed', body);
    return body;
  }

  async close(): Promise<void> {
    if (this.#headers['mcp-session-id']) await this.#posts.send('DELETE', this.#headers);
    await Promise.all([this.#posts.close(), this.#events?.close()]);
  }

  async #shakeHands(): Promise<void> {
    const hello = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo };
    const answer = await this.#posts.send(
      'POST',
      this.#headers,
      JSON.stringify({ jsonrpc: '2.0', id: this.#nextId(), method: 'initialize', params: hello }),
    );
    const session = answer.headers['mcp-session-id'];
    expect(
      answer.status === 200 && typeof session === 'string',
      `initialize was answered with ${answer.status}`,
      answer.body,
    );
    Object.assign(this.#headers, { 'mcp-session-id': session, 'mcp-protocol-version': '2025-11-25' });
    const accepted = await this.#posts.send(
      'POST',
      this.#headers,
      '{"jsonrpc":"2.0","method":"notifications/initialized"}',
    );
    expect(accepted.status === 202, `initialized was answered with ${accepted.status}`, accepted.body);
    await this.#events?.hold({ ...this.#headers, accept: 'text/event-stream' });
  }

  async #discover(): Promise<void> {
    const id = this.#nextId();
    this.#headers['mcp-protocol-version'] = '2026-07-28';
    const body = await this.#request(id, `"method":"server/discover","params":{${this.#meta}}`, {
      'mcp-method': 'server/discover',
    });
    expect(body.includes('"2026-07-28"'), 'The server does not speak 2026-07-28', body);
  }

  async #request(id: string, rest: string, routing: Record<string, string>): Promise<Buffer> {
    const headers = this.#endpoint.dialect === 'stateless' ? { ...this.#headers, ...routing } : this.#headers;
    const { status, body }: Answer = await this.#posts.send('POST', headers, `{"jsonrpc":"2.0","id":"${id}",${rest}}`);
    expect(status === 200, `A request was answered with ${status}`, body);
    expect(body.includes(`"id":"${id}"`), 'The answer is for another request', body);
    return body;
  }

  #nextId(): string {
    McpClient.#ids += 1;
    return `${process.pid}x${McpClient.#ids}`;
  }
}

const modernMeta = JSON.stringify({
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientCapabilities': {},
  'io.modelcontextprotocol/clientInfo': clientInfo,
});

function expect(holds: boolean, message: string, body: Buffer): asserts holds {
  if (!holds) throw new Error(`${message}: ${body.toString('utf8', 0, 500)}`);
}
