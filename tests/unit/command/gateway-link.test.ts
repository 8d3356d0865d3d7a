import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type RequestListener, type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../../src-main/base/fault.ts';
import { type Host, createNodeHost } from '../../../src-main/base/host.ts';
import { writeRunFile } from '../../../src-main/base/run-file.ts';
import { Signer } from '../../../src-main/base/signer.ts';
import { reachGateway } from '../../../src-main/command/gateway-link.ts';
import { requireKept } from '../../../src-main/command/require-kept.ts';
import { helloProof } from '../../../src-main/server/hello-routes.ts';

let folder: string;
let host: Host;
const servers: Server[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'larkgate-link-'));
  host = await createNodeHost(folder, {});
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await rm(folder, { recursive: true });
});

/** What listens where the folder says that its gateway does. Returns what it was sent. */
async function listen(answer: (port: number) => RequestListener): Promise<string[]> {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(`${request.method} ${request.url?.split('?')[0]} ${request.headers.cookie ? 'cookie' : 'no cookie'}`);
    answer(portOf(server))(request, response);
  });
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  await writeRunFile(folder, { pid: process.pid, port: portOf(server), startedAt: 1 });
  return heard;
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

/** A gateway that proves that it holds this key. */
function gateway(signer: Signer, control: unknown = {}): (port: number) => RequestListener {
  return (port) => (request, response) => {
    const nonce = new URL(request.url ?? '', 'http://127.0.0.1').searchParams.get('nonce') ?? '';
    const hello = { name: 'larkgate', version: '1', proof: helloProof(signer, nonce, port) };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(request.url?.startsWith('/hello') ? hello : control));
  };
}

const works = (text: string): (() => RequestListener) => {
  return () => (_request, response) => void response.end(text);
};

const ownSigner = async () => new Signer(await host.masterKey());

/** How a command gets to its gateway. */
async function reach(): Promise<string> {
  const open = () => Promise.reject(new Error('one of its own'));
  return reachGateway(host, open).then(
    async (link) => {
      await link.close();
      return 'the running one';
    },
    (thrown: unknown) => (thrown instanceof Fault ? `${thrown.code}: ${thrown.words.en}` : String(thrown)),
  );
}

describe('a command', () => {
  test('works through the gateway that runs on its folder, once that one proved itself', async () => {
    const heard = await listen(gateway(await ownSigner(), { logins: [] }));
    const link = await reachGateway(host, () => Promise.reject(new Error('one of its own')));
    expect(await link.call('logins', {})).toEqual({ logins: [] });
    await link.close();
    expect(heard).toEqual(['GET /hello no cookie', 'POST /control/logins cookie']);
  });

  test('starts a gateway of its own where none runs, or the one that ran was killed', async () => {
    expect(await reach()).toContain('one of its own');
    await listen(works(''));
    servers.splice(0).forEach((server) => server.close());
    expect(await reach()).toContain('one of its own');
  });

  test.each<[string, (port: number) => RequestListener]>([
    ['a gateway with another key', gateway(new Signer(randomBytes(32)))],
    ['a program that says it is one', works('{"name":"larkgate","version":"1","proof":"x"}')],
    ['a program that says nothing', works('')],
    ['a web page', works('<html>hello</html>')],
    ['an error', () => (_request, response) => void response.writeHead(404).end()],
    ['a program that hangs up', () => (request) => void request.socket.destroy()],
    ['somewhere else', () => (_request, response) => void response.writeHead(302, { location: '/' }).end()],
  ])(
    'meets %s in its gateway’s place: it sends nothing more, leaves the folder alone and says what to do',
    async (_what, answer) => {
      const heard = await listen(answer);
      const said = await reach();
      expect(said).toContain(`config_invalid: The program on port ${portOf(servers[0] ?? createServer())}`);
      expect(said).toContain('set the same LARKGATE_KEY');
      expect(said).toContain('delete gateway.json');
      expect(heard).toEqual(['GET /hello no cookie']);
    },
  );

  test('does not take the proof of its own gateway on another port for one', async () => {
    const signer = await ownSigner();
    await listen((port) => gateway(signer)(port + 1));
    expect(await reach()).toContain('config_invalid');
  });
});

describe('a command that changed something', () => {
  const words = { zh: '令牌文件写不进去', en: 'The token file cannot be written' };

  /** What is said at the end, beside a gateway that shows these notices. */
  async function end(...ids: string[]): Promise<string> {
    await listen(gateway(await ownSigner(), { notices: ids.map((id) => ({ id, level: 'error', words, since: 0 })) }));
    const link = await reachGateway(host, () => Promise.reject(new Error('one of its own')));
    const said = await requireKept(link).then(
      () => 'nothing',
      (thrown: unknown) => `${Fault.from(thrown).code}: ${Fault.from(thrown).words.zh}`,
    );
    await link.close();
    return said;
  }

  test.each(['tokens.unwritable', 'tokens.newer', 'tokens.key_lost'])(
    'fails with the words of %s: the change goes with the process that keeps it in memory',
    async (id) => {
      expect(await end('app.missing', id)).toBe(`storage: ${words.zh}`);
    },
  );

  test('ends well beside any other trouble', async () => {
    expect(await end('app.missing', 'tokens.dropped', 'records.unwritable')).toBe('nothing');
    expect(await end()).toBe('nothing');
  });
});
