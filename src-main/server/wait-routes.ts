import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { sha256 } from '../base/digest.ts';
import { Fault } from '../base/fault.ts';
import type { Signer } from '../base/signer.ts';
import type { AccountView, LoginView } from '../contract/views.ts';
import { header, toFault } from './error-form.ts';
import { browserOf, nameBrowser } from './login-cookie.ts';
import type { LoginOutcomes } from './login-outcomes.ts';
import { sendFaultPage, sendPage } from './pages.ts';
import { chosenPage, conflictPage, labelOf, signedInPage, unknownAccount, waitPage } from './wait-page.ts';

export interface WaitRouteParts {
  clock: Clock;
  signer: Signer;
  logins: { get(loginId: string): LoginView | undefined };
  accounts: { get(accountId: string): AccountView | undefined };
}

const waiting = z.strictObject({
  loginId: z.string(),
  /** The client whose call asks for more. */
  asker: z.string().nullable(),
  /** Where another attempt begins. */
  again: z.string().nullable(),
});

const waitPurpose = 'login-wait';
const rebindPurpose = 'rebind';

/** The path of the page that waits with a person until a login is confirmed. */
export function waitPath(signer: Signer, facts: z.infer<typeof waiting>): string {
  const sealed = signer.seal(waitPurpose, Buffer.from(JSON.stringify(facts)).toString('base64url'));
  return `/oauth/wait?login=${sealed}`;
}

/** A page without scripts that shows what to confirm, then what became of it; and the question that may follow. */
export function waitRoutes(app: FastifyInstance, outcomes: LoginOutcomes, parts: WaitRouteParts): void {
  app.get('/oauth/wait', (request, reply) => {
    try {
      return showWaiting(request, reply, outcomes, parts);
    } catch (thrown) {
      return sendFaultPage(reply, toFault(thrown));
    }
  });
  // Forms are read here alone: everywhere else a body is JSON, which no other site's page can send.
  void app.register(async (scope) => {
    const options = { parseAs: 'string' as const, bodyLimit: 16 * 1024 };
    scope.addContentTypeParser('application/x-www-form-urlencoded', options, (_request, body, done) =>
      done(null, body),
    );
    scope.post('/oauth/rebind', async (request, reply) => {
      try {
        return await choose(request, reply, outcomes, parts);
      } catch (thrown) {
        return sendFaultPage(reply, toFault(thrown));
      }
    });
  });
}

/** Says who signed in, and asks when the client is bound to somebody else. */
export function sendOutcome(
  request: FastifyRequest,
  reply: FastifyReply,
  done: { login: LoginView; account: AccountView; outcomes: LoginOutcomes; parts: WaitRouteParts },
): FastifyReply {
  const { login, account, outcomes, parts } = done;
  const conflict = outcomes.conflictOf(login.id);
  if (!conflict) return sendPage(reply, 200, signedInPage(account));
  const token = parts.signer.seal(rebindPurpose, `${sha256(nameBrowser(request, reply, parts.signer))} ${login.id}`);
  return sendPage(reply, 200, conflictPage(account, parts.accounts.get(conflict.former), token));
}

function showWaiting(
  request: FastifyRequest,
  reply: FastifyReply,
  outcomes: LoginOutcomes,
  parts: WaitRouteParts,
): FastifyReply {
  const query = z.object({ login: z.string() }).catch({ login: '' }).parse(request.query);
  const text = parts.signer.open(waitPurpose, query.login);
  if (text === undefined) throw new Fault('login_state');
  const { loginId, asker, again } = waiting.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  const login = parts.logins.get(loginId);
  if (!login) throw new Fault('login_state');
  if (login.state !== 'done') return sendPage(reply, 200, waitPage({ login, asker, again, now: parts.clock.now() }));
  const account = parts.accounts.get(login.accountId ?? '');
  if (!account) throw new Fault('login_state');
  return sendOutcome(request, reply, { login, account, outcomes, parts });
}

const chosen = z.object({ token: z.string(), choice: z.enum(['use', 'keep']) });

async function choose(
  request: FastifyRequest,
  reply: FastifyReply,
  outcomes: LoginOutcomes,
  { signer, accounts }: WaitRouteParts,
): Promise<FastifyReply> {
  const site = header(request, 'sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Fault('origin_refused');
  const { loginId, choice } = answerOf(request, signer);
  const asked = outcomes.conflictOf(loginId);
  if (choice === 'use' && asked && !accounts.get(asked.signedIn)) throw new Fault('login_state', { words: notAsked });
  const conflict = await outcomes.choose(loginId, choice);
  if (!conflict) throw new Fault('login_state', { words: notAsked });
  const account = accounts.get(choice === 'use' ? conflict.signedIn : conflict.former);
  return sendPage(reply, 200, chosenPage(choice, account ? labelOf(account) : unknownAccount));
}

/** What was chosen, taken only from the browser that was asked. */
function answerOf(request: FastifyRequest, signer: Signer): { loginId: string; choice: 'use' | 'keep' } {
  const form = chosen.safeParse(Object.fromEntries(new URLSearchParams(String(request.body)))).data;
  const [browser, loginId] = (form && signer.open(rebindPurpose, form.token)?.split(' ')) ?? [];
  if (!form || loginId === undefined || browser !== sha256(browserOf(request, signer)))
    throw new Fault('login_state', { words: notAsked });
  return { loginId, choice: form.choice };
}

const notAsked = {
  zh: '这个选择已经做过或已过期，没有改变任何内容。需要时可在控制台为客户端选择账号。',
  en: 'This was chosen before, or too long ago. Nothing was changed. You can choose the account of a client on the dashboard.',
};
