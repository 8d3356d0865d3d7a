import type { FastifyInstance } from 'fastify';
import type { Health } from '../contract/control.ts';

export interface HealthRouteParts {
  version: string;
  health(): Health;
  metrics(): Promise<string>;
}

/** For machines that watch: whether it works, and the counts. Neither says anything about a person. */
export function healthRoutes(app: FastifyInstance, parts: HealthRouteParts): void {
  app.get('/healthz', (_request, reply) => {
    const { status, reasons } = parts.health();
    return reply
      .header('cache-control', 'no-store')
      .send({ name: 'larkgate', version: parts.version, status, reasons });
  });
  app.get('/metrics', async (_request, reply) =>
    reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(await parts.metrics()),
  );
}
