import type { FastifyError, FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { AppBook } from '../accounts/app-book.ts';
import { appSettingsPatchSchema, type SandboxApp } from '../accounts/sandbox-app.ts';
import type { TokenBook } from '../accounts/token-book.ts';
import type { Brand } from '../../contract/views.ts';
import { peopleOf, tenantOf } from '../company/people.ts';
import { type FaultList, faultSchema } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import type { SandboxClock } from './sandbox-clock.ts';

export interface ControlParts {
  log: RequestLog;
  faults: FaultList;
  book: TokenBook;
  brand: Brand;
  apps: AppBook;
  clock: SandboxClock;
}

const logQuery = z.object({ path: z.string().optional() });
const appQuery = z.object({ appId: z.string().optional() });
const clockBody = z.strictObject({ advanceMs: z.int().nonnegative() });

/**
 * What tests drive this origin with, from this process or another: its log, faults, apps and people. The clock is one for
 * both origins. None of it is logged or spoiled.
 */
export function mountControl(server: FastifyInstance, parts: ControlParts): void {
  const { log, faults, book, clock, brand } = parts;
  server.get('/__log', (request) => log.list(logQuery.parse(request.query).path));
  server.delete('/__log', () => {
    log.clear();
    return {};
  });
  server.get('/__fault', () => faults.list());
  server.post('/__fault', (request) => {
    faults.add(faultSchema.parse(parse(request.body)));
    return faults.list();
  });
  server.delete('/__fault', () => {
    faults.clear();
    return faults.list();
  });
  server.post('/__clock', (request) => ({ now: clock.advance(clockBody.parse(parse(request.body)).advanceMs) }));
  server.get('/__apps', () => parts.apps.list().map((app) => viewOf(app)));
  server.get('/__app', (request) => viewOf(appOf(request.query, parts.apps)));
  server.post('/__app', (request) => {
    const app = appOf(request.query, parts.apps);
    app.change(appSettingsPatchSchema.parse(parse(request.body)));
    return viewOf(app);
  });
  server.get('/__people', () =>
    peopleOf(brand).map((person) => Object.assign({ tenant: tenantOf(person).name }, person)),
  );
  server.get('/__state', () => ({ now: clock.now(), ...book.counts() }));
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    const malformed = error instanceof z.ZodError || error instanceof SyntaxError;
    return reply.code(malformed ? 400 : (error.statusCode ?? 500)).send({ error: error.message });
  });
}

/** The app that `appId` names; the one that was there from the start when none is named. */
function appOf(query: unknown, apps: AppBook): SandboxApp {
  const { appId } = appQuery.parse(query);
  const app = appId === undefined ? apps.home : apps.find(appId);
  if (!app) throw new SyntaxError('no such app');
  return app;
}

/** Without its secret. */
function viewOf(app: SandboxApp) {
  const { id: appId, name, description, origin, owner } = app.record;
  return { appId, name, description, origin, owner, scopes: app.enabledScopes(), ...app.settings };
}

function parse(body: unknown): unknown {
  return Buffer.isBuffer(body) && body.length > 0 ? JSON.parse(body.toString('utf8')) : {};
}
