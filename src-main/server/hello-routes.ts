import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { Fault } from '../base/fault.ts';
import type { Signer } from '../base/signer.ts';
import { toFault, sendFault } from './error-form.ts';

export interface HelloRouteParts {
  signer: Signer;
  version: string;
}

const helloQuery = z.object({ nonce: z.string().regex(/^[\w-]{22,86}$/) });

/** What only the gateway with this data folder's key, listening on this port, can answer. */
export function helloProof(signer: Signer, nonce: string, port: number): string {
  return signer.sign('hello', `${nonce} ${port}`);
}

/** Proves to a program that can read the data folder's key who listens here, before it sends anything of worth. */
export function helloRoutes(app: FastifyInstance, port: () => number, parts: HelloRouteParts): void {
  app.get('/hello', (request, reply) => {
    try {
      const query = helloQuery.safeParse(request.query);
      if (!query.success) throw new Fault('invalid_request', { details: { field: 'nonce' } });
      const proof = helloProof(parts.signer, query.data.nonce, port());
      return reply.header('cache-control', 'no-store').send({ name: 'larkgate', version: parts.version, proof });
    } catch (thrown) {
      return sendFault(reply, toFault(thrown));
    }
  });
}
