import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import fastify from 'fastify';
import { EventBus } from '../../../src-main/base/event-bus.ts';
import { Notices } from '../../../src-main/base/notices.ts';
import { Signer } from '../../../src-main/base/signer.ts';
import { configSchema } from '../../../src-main/contract/config.ts';
import type { StampedEvent } from '../../../src-main/contract/events.ts';
import type { AccountView, LoginWay } from '../../../src-main/contract/views.ts';
import { Admission } from '../../../src-main/gateway/admission.ts';
import { SessionStore } from '../../../src-main/gateway/session-store.ts';
import { Sessions } from '../../../src-main/gateway/sessions.ts';
import { ClientKeys } from '../../../src-main/server/client-keys.ts';
import { GrantLinks } from '../../../src-main/server/grant-links.ts';
import { oauthRoutes } from '../../../src-main/server/oauth-routes.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { FakeLogins } from './fake-logins.ts';

/** The sign-in pages on a real socket, with real keys and sessions, in front of logins that obey the test. */
export async function openOauthDoor(way: LoginWay = 'device') {
  const folder = mkdtempSync(join(tmpdir(), 'larkgate-oauth-'));
  const clock = new FakeClock();
  const signer = new Signer(Buffer.alloc(32, 7));
  const events: StampedEvent[] = [];
  const bus = new EventBus(clock);
  bus.subscribe((event) => events.push(event));
  const notices = new Notices(bus, () => clock.now());
  const { limits } = configSchema.parse({});
  const clientKeys = await ClientKeys.open(folder, { signer, clock, notices });
  const database = new DatabaseSync(join(folder, 'records.sqlite'));
  const sessions = new Sessions({
    clock,
    bus,
    notices,
    limits,
    store: new SessionStore(database),
    accountOfKey: (keyId) => clientKeys.accountOf(keyId),
    connect: async (_session, channel) => ({ close: () => channel.close(), sendToolListChanged: () => {} }),
  });
  clientKeys.onChange((change) => change.kind === 'client.changed' && sessions.rebind(change.client.keyId));
  const logins = new FakeLogins();
  const people = new Map<string, AccountView>();
  const grants = new GrantLinks({ clock, signer });
  const admission = new Admission({ clock, bus, limits });
  const app = fastify();
  app.removeAllContentTypeParsers();
  const accounts = { get: (id: string) => people.get(id) };
  oauthRoutes(app, { clock, signer, clientKeys, sessions, logins, accounts, grants, admission, wayOf: () => way });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    clock,
    signer,
    events,
    clientKeys,
    sessions,
    logins,
    people,
    grants,
    get: (path: string, headers: Record<string, string> = {}) =>
      fetch(new URL(path, url), { redirect: 'manual', headers }),
    post: (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
      fetch(new URL(path, url), { method: 'POST', redirect: 'manual', headers, body: new URLSearchParams(form) }),
    close: async () => {
      await app.close();
      await sessions.close();
      database.close();
      rmSync(folder, { recursive: true });
    },
  };
}

export type OauthDoor = Awaited<ReturnType<typeof openOauthDoor>>;

export const cookieOf = (answer: Response): string => answer.headers.get('set-cookie')?.split(';')[0] ?? '';
export const locationOf = (answer: Response): string => answer.headers.get('location') ?? '';
