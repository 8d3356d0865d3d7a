import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Fault } from '../base/fault.ts';
import type { Signer } from '../base/signer.ts';
import type { AccountView } from '../contract/views.ts';
import type { Admission } from '../gateway/admission.ts';
import type { Session } from '../gateway/session.ts';
import type { Sessions } from '../gateway/sessions.ts';
import type { LoginBinding } from '../tokens/login.ts';
import { cookie, cookieHeader } from './cookies.ts';
import { header, toFault } from './error-form.ts';
import { sendFaultPage, sendPage } from './pages.ts';

export interface OauthRouteParts {
  admission: Admission;
  sessions: Sessions;
  signer: Signer;
  /** Where the browser must go to sign in and to grant `scopes` besides the usual ones. */
  begin(binding: LoginBinding, scopes: string[]): Promise<URL>;
  /** Trades the answer for a signed-in account. Rejects with a Fault and stores nothing when anything is off. */
  complete(answer: OauthAnswer, browser: string): Promise<{ account: AccountView; binding: LoginBinding }>;
}

const startQuery = z.object({ session: z.string().optional(), sessionId: z.string().optional() });
const answerQuery = z.object({
  code: z.string().optional(),
  state: z.string().optional(),
  error: z.string().optional(),
});

export type OauthAnswer = z.infer<typeof answerQuery>;

const browserCookie = 'larkgate_login';
const linkPurpose = 'sign-in-link';

/** The path of a link that signs a person in for `session`. It can be shown: it opens nothing but Feishu's own page. */
export function signInPath(session: Session, signer: Signer, scopes: readonly string[] = []): string {
  const wanted = [session.shortId, ...scopes].join(' ');
  return `/oauth/start?session=${encodeURIComponent(signer.seal(linkPurpose, wanted))}`;
}

/** Signing in by the browser: to Feishu's page and back (OAuth 2.0 authorization code with PKCE). */
export function oauthRoutes(app: FastifyInstance, parts: OauthRouteParts): void {
  app.get('/oauth/start', async (request, reply) => {
    try {
      // A picture or a frame on somebody's page is nobody who wants to sign in.
      if ((header(request, 'sec-fetch-dest') ?? 'document') !== 'document') throw new Fault('origin_refused');
      parts.admission.admitVisit(request.socket.remoteAddress ?? 'unknown');
      // The answer is taken only from the browser that began: a code slipped into another one is worth nothing.
      // Tabs of one browser share its name, so each can finish what it began.
      const known = cookie(request, browserCookie);
      const browser = known && /^[\w-]{43}$/.test(known) ? known : randomBytes(32).toString('base64url');
      const { scopes, ...binding } = wantedBy(request, parts);
      const url = await parts.begin({ ...binding, browser }, scopes);
      const setCookie = cookieHeader(browserCookie, browser, { sameSite: 'Lax', path: '/oauth', seconds: 600 });
      return reply.header('set-cookie', setCookie).header('cache-control', 'no-store').redirect(url.href, 302);
    } catch (thrown) {
      return sendFaultPage(reply, toFault(thrown));
    }
  });
  app.get('/oauth/callback', (request, reply) => finish(request, reply, parts));
}

async function finish(request: FastifyRequest, reply: FastifyReply, parts: OauthRouteParts): Promise<FastifyReply> {
  try {
    const answer = answerQuery.catch({}).parse(request.query);
    const { account, binding } = await parts.complete(answer, cookie(request, browserCookie) ?? '');
    if (binding.sessionKey !== null) parts.sessions.bind(binding.sessionKey, account.id);
    const { zh, en } = account.refreshExpiresAt === null ? cannotRenew : goBack;
    return sendPage(reply, 200, {
      title: { zh: '授权成功', en: 'Signed in' },
      text: { zh: `${account.name}，${zh}`, en: `${account.name}: ${en}` },
    });
  } catch (thrown) {
    return sendFaultPage(reply, toFault(thrown));
  }
}

/** Which session a sign-in is for, named by a signed link or, as in the older form of the link, by its id. */
function wantedBy(
  request: FastifyRequest,
  { signer, sessions }: OauthRouteParts,
): Omit<LoginBinding, 'browser'> & { scopes: string[] } {
  const query = startQuery.catch({}).parse(request.query);
  const [shortId, ...scopes] = (signer.open(linkPurpose, query.session ?? '') ?? '').split(' ');
  const session = shortId ? sessions.byShortId(shortId) : sessions.live(query.sessionId ?? '');
  return { sessionKey: session?.shortId ?? null, keyId: session?.keyId ?? null, scopes };
}

const goBack = {
  zh: '可以关闭此页，回到你的 AI 客户端继续。',
  en: 'close this page and go on in your AI client.',
};

const cannotRenew = {
  zh: '但应用没有授予 offline_access：两小时后需要重新登录。请管理员开通该权限。',
  en: 'but the app did not grant offline_access, so you must sign in again in two hours. Ask an administrator to enable it.',
};
