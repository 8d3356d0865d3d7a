import { z } from 'zod';
import { json, Refusal, usualStatus } from '../wire/envelope.ts';
import type { Endpoint } from '../wire/exchange.ts';
import type { AppBook } from './app-book.ts';
import { looksReal, realSecretWords } from './demo-secret.ts';
import type { TokenBook } from './token-book.ts';

const requestSchema = z.object({ app_id: z.string(), app_secret: z.string() });

/** Where an app fetches the token of its tenant, or its own. */
export function appTokenEndpoint(kind: 'tenant' | 'app', apps: AppBook, tokens: TokenBook): Endpoint {
  return {
    method: 'POST',
    path: `/open-apis/auth/v3/${kind}_access_token/internal`,
    handle: (incoming) => {
      const request = requestSchema.safeParse(incoming.body);
      if (!request.success) throw new Refusal(10_003, 'invalid param');
      if (looksReal(request.data.app_secret)) throw new Refusal(10_015, realSecretWords.en);
      const app = apps.find(request.data.app_id);
      if (!app) throw new Refusal(10_014, 'app id not found');
      if (!app.hasSecret(request.data.app_secret)) throw new Refusal(10_015, 'app secret invalid');
      const { token, expireS } = tokens.appToken(app, kind);
      return json({ code: 0, msg: 'ok', [`${kind}_access_token`]: token, expire: expireS });
    },
    refuse: (refusal) => json({ code: refusal.code, msg: refusal.message }, usualStatus(refusal.code), refusal.code),
  };
}
