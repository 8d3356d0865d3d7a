import type { FastifyError, FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type AppRegistration, appSettingsPatchSchema } from '../accounts/app-registration.ts';
import type { TokenBook } from '../accounts/token-book.ts';
import { people, tenants } from '../company/people.ts';
import { type FaultList, faultSchema } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import type { SandboxClock } from './sandbox-clock.ts';

export interface ControlParts {
  log: RequestLog;
  faults: FaultList;
  book: TokenBook;
  app: AppRegistration;
  clock: SandboxClock;
}

const logQuery = z.object({ path: z.string().optional() });
const clockBody = z.strictObject({ advanceMs: z.int().nonnegative() });

/** What tests drive the sandbox with, from this process or another. They are neither logged nor spoiled. */
export function mountControl(server: FastifyInstance, { log, faults, book, app, clock }: ControlParts): void {
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
  server.get('/__app', () => ({ appId: app.id, ...app.settings }));
  server.post('/__app', (request) => app.change(appSettingsPatchSchema.parse(parse(request.body))));
  server.get('/__people', () =>
    people.map((person) =>
      Object.assign({ tenant: tenants.find((one) => one.key === person.tenantKey)?.name }, person),
    ),
  );
  server.get('/__state', () => ({ now: clock.now(), ...book.counts() }));
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    const malformed = error instanceof z.ZodError || error instanceof SyntaxError;
    return reply.code(malformed ? 400 : (error.statusCode ?? 500)).send({ error: error.message });
  });
}

function parse(body: unknown): unknown {
  return Buffer.isBuffer(body) && body.length > 0 ? JSON.parse(body.toString('utf8')) : {};
}
