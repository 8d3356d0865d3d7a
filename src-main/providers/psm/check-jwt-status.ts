import type { Clock } from '../../base/clock.ts';
import type { Language } from '../../contract/words.ts';
import { errandFor } from './errand-for.ts';
import type { JwtSource } from './jwt-source.ts';
import { jsonResult, type PsmToolDefinition, troubleModel } from './psm-tool.ts';
import { Trouble } from './psm-trouble.ts';

export interface StatusToolParts {
  clock: Clock;
  jwts: JwtSource;
  language: Language;
  totalMs(): number;
}

/** Says whether the CAS session gives a JWT, and until when it is good; never the JWT itself. */
export function checkJwtStatus({ clock, jwts, language, totalMs }: StatusToolParts): PsmToolDefinition {
  return {
    name: 'check_jwt_status',
    texts: {
      zh: { title: '检查 JWT 状态', description: '检查 JWT 令牌状态，返回令牌有效性和过期时间，不返回令牌本身。' },
      en: {
        title: 'Check the JWT',
        description: 'Says whether there is a valid JWT for the intranet and when it expires, never the JWT itself.',
      },
    },
    inputSchema: { type: 'object', properties: {}, additionalProperties: false },
    perform: async (_input, context) => {
      try {
        const { expiresAt, isAssumed } = await errandFor({ clock, totalMs: totalMs() }, context, (errand) =>
          jwts.get(errand),
        );
        return jsonResult({
          valid: true,
          expires_at: new Date(expiresAt).toISOString(),
          expires_in_seconds: Math.max(0, Math.floor((expiresAt - clock.now()) / 1000)),
          // A token that does not say when it ends is taken to last an hour.
          expiry_assumed: isAssumed,
        });
      } catch (thrown) {
        if (!(thrown instanceof Trouble)) throw thrown;
        return jsonResult({ valid: false, expires_at: null, ...troubleModel(thrown, language) });
      }
    },
  };
}
