import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { Signer } from '../base/signer.ts';
import type { AccountView, LoginView, LoginWay } from '../contract/views.ts';
import type { Admission } from '../gateway/admission.ts';
import type { Session } from '../gateway/session.ts';
import type { Sessions } from '../gateway/sessions.ts';
import type { Logins } from '../tokens/logins.ts';
import type { ClientKeys } from './client-keys.ts';
import { cookie } from './cookies.ts';
import { dashboardCookieName, isDashboardCookie } from './dashboard-cookie.ts';
import { header, toFault } from './error-form.ts';
import { type Grant, type GrantLinks, spentLink } from './grant-links.ts';
import { browserOf, nameBrowser } from './login-cookie.ts';
import { isStartLink, loginOfLink, sessionOfLink } from './login-links.ts';
import { LoginOutcomes } from './login-outcomes.ts';
import { sendFaultPage } from './pages.ts';
import { sendOutcome, waitPath, waitRoutes } from './wait-routes.ts';

export interface OauthRouteParts {
  clock: Clock;
  admission: Pick<Admission, 'admitVisit'>;
  sessions: Pick<Sessions, 'live' | 'byShortId' | 'accountOf' | 'bind'>;
  signer: Signer;
  clientKeys: Pick<ClientKeys, 'bind'>;
  logins: Pick<Logins, 'begin' | 'extendApp' | 'get' | 'browserStart' | 'complete' | 'onDone'>;
  accounts: { get(accountId: string): AccountView | undefined };
  grants: GrantLinks;
  /** How people sign in to the default app. */
  wayOf(): LoginWay;
}

const startQuery = z
  .object({
    start: z.string().optional(),
    session: z.string().optional(),
    sessionId: z.string().optional(),
    login: z.string().optional(),
    grant: z.string().optional(),
  })
  .catch({});
const answerQuery = z.object({
  code: z.string().optional(),
  state: z.string().optional(),
  error: z.string().optional(),
});

/** Signing in: to Feishu's page and back (OAuth 2.0 authorization code with PKCE), or by a page that waits. */
export function oauthRoutes(app: FastifyInstance, parts: OauthRouteParts): void {
  const outcomes = new LoginOutcomes(parts);
  parts.logins.onDone((login, account, binding) => {
    parts.grants.spend(login.id);
    outcomes.settle(login.id, account, binding?.sessionKey ?? null);
  });
  app.get('/oauth/start', async (request, reply) => {
    try {
      // A picture or a frame on somebody's page, or a browser that looks ahead, is nobody who wants to sign in.
      if ((header(request, 'sec-fetch-dest') ?? 'document') !== 'document') throw new Fault('origin_refused');
      if (header(request, 'sec-purpose') !== undefined) throw new Fault('origin_refused');
      // Feishu sends the browser back to the address that is registered: the cookie must belong to that one.
      const { localPort } = request.socket;
      const isNamed = localPort !== undefined && request.hostname !== '127.0.0.1';
      if (isNamed) return await reply.redirect(`http://127.0.0.1:${localPort}${request.url}`, 302);
      parts.admission.admitVisit(request.socket.remoteAddress ?? 'unknown');
      const { login, asker } = await wanted(request, parts);
      return await lead(request, reply, { login, asker, parts });
    } catch (thrown) {
      return sendFaultPage(reply, toFault(thrown));
    }
  });
  app.get('/oauth/callback', (request, reply) => finish(request, reply, parts, outcomes));
  waitRoutes(app, outcomes, parts);
}

interface Wanted {
  login: LoginView;
  /** The client whose call asks for more. */
  asker: string | null;
}

/** The login that a link stands for: one that is begun now, or one that waits. */
async function wanted(request: FastifyRequest, parts: OauthRouteParts): Promise<Wanted> {
  const { logins, grants } = parts;
  const query = startQuery.parse(request.query);
  if (query.grant !== undefined) {
    const begin = (grant: Grant) => beginGrant(grant, parts);
    const { grant, login } = await grants.follow(query.grant, { begin, get: (id) => logins.get(id) });
    return { login, asker: grant.asker };
  }
  if (query.login !== undefined) return { login: waitingLogin(query.login, parts), asker: null };
  const binding = { sessionKey: askingSession(request, query, parts)?.shortId ?? null };
  return { login: await logins.begin({ way: parts.wayOf(), binding }), asker: null };
}

/**
 * Which session a sign-in is for, named by a signed link or, as in the older form of the link, by its id. Who has neither
 * must have the gateway's own link or be let into the dashboard: a stranger's account would work for everybody's clients.
 */
function askingSession(
  request: FastifyRequest,
  query: z.infer<typeof startQuery>,
  { clock, signer, sessions }: OauthRouteParts,
): Session | undefined {
  if (query.session !== undefined) {
    const shortId = sessionOfLink(query.session, signer);
    if (shortId === undefined) throw new Fault('login_state');
    return sessions.byShortId(shortId);
  }
  const session = query.sessionId === undefined ? undefined : sessions.live(query.sessionId);
  const isLetIn =
    isStartLink(query.start ?? '', signer) ||
    isDashboardCookie(signer, cookie(request, dashboardCookieName) ?? '', clock.now());
  if (!session && !isLetIn) throw new Fault('login_state', { words: needsLink });
  return session;
}

function waitingLogin(sealed: string, { signer, logins }: OauthRouteParts): LoginView {
  const login = logins.get(loginOfLink(sealed, signer) ?? '');
  if (login?.state === 'waiting' && login.way === 'browser') return login;
  throw new Fault('login_state', { words: loginOver });
}

/** The person grants more in the way they signed in; an app that has too little itself is extended first. */
async function beginGrant({ kind, accountId, scopes }: Grant, parts: OauthRouteParts): Promise<LoginView> {
  const account = parts.accounts.get(accountId);
  if (!account) throw spentLink();
  if (kind === 'extend') return parts.logins.extendApp({ appId: account.appId, accountId, scopes });
  return parts.logins.begin({ way: account.way === 'browser' ? 'browser' : 'device', accountId, scopes });
}

/** Sends the browser where the login is confirmed. */
async function lead(
  request: FastifyRequest,
  reply: FastifyReply,
  { login, asker, parts }: Wanted & { parts: OauthRouteParts },
): Promise<FastifyReply> {
  // The answer is taken only from the browser that began: a code slipped into another one is worth nothing.
  const browser = nameBrowser(request, reply, parts.signer);
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
  if (login.way === 'browser' && login.state === 'waiting' && login.steps[login.step] === 'sign_in')
    return reply.redirect((await parts.logins.browserStart(login.id, browser)).href, 302);
  return reply.redirect(waitPath(parts.signer, { loginId: login.id, asker, again: request.url }), 303);
}

async function finish(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: OauthRouteParts,
  outcomes: LoginOutcomes,
): Promise<FastifyReply> {
  try {
    const answer = answerQuery.catch({}).parse(request.query);
    const { login, account, next, binding } = await parts.logins.complete(answer, browserOf(request, parts.signer));
    reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    if (next) {
      nameBrowser(request, reply, parts.signer);
      return reply.redirect(next.href, 302);
    }
    if (!account) return reply.redirect(waitPath(parts.signer, { loginId: login.id, asker: null, again: null }), 303);
    outcomes.settle(login.id, account, binding?.sessionKey ?? null);
    return sendOutcome(request, reply, { login, account, outcomes, parts });
  } catch (thrown) {
    return sendFaultPage(reply, toFault(thrown));
  }
}

const needsLink = {
  zh: '请从控制台、启动时打印的登录链接或 AI 客户端给出的链接开始登录。',
  en: 'Begin signing in on the dashboard, by the sign-in link that is printed at start, or by the link your AI client shows.',
};

const loginOver = {
  zh: '这次登录已完成、已取消或已过期，或者链接不完整。请回到开始登录的地方（控制台或命令行）重新开始。',
  en: 'This sign-in is completed, canceled or expired, or the link is not whole. Begin again where you began it: on the dashboard or the command line.',
};
