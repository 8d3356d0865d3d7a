import { z } from 'zod';
import type { Language } from '../../contract/words.ts';
import { findPerson } from '../company/people.ts';
import { type Answer, Refusal } from '../wire/envelope.ts';
import type { Endpoint, Incoming } from '../wire/exchange.ts';
import type { AppRegistration } from './app-registration.ts';
import { type AuthorizeProblem, readAuthorizeRequest, redirectBack } from './authorize-request.ts';
import { consentPage, problemPage } from './consent-page.ts';
import type { TokenBook } from './token-book.ts';

const path = '/open-apis/authen/v1/authorize';

const choiceSchema = z.object({
  person: z.string().optional(),
  decision: z.enum(['allow', 'deny']),
});

/** The page where a person says yes or no, and what their answer does. */
export function accountsEndpoints(app: AppRegistration, book: TokenBook): Endpoint[] {
  return [
    {
      method: 'GET',
      path,
      handle: (incoming) => {
        const read = readAuthorizeRequest(incoming.query, app);
        const language = languageOf(incoming);
        return 'problem' in read
          ? problemPage(read.problem, language)
          : consentPage(read.request, incoming.query, language);
      },
      refuse: refuseAsPage,
    },
    {
      method: 'POST',
      path,
      handle: (incoming) => {
        const read = readAuthorizeRequest(incoming.query, app);
        if ('problem' in read) return problemPage(read.problem, languageOf(incoming));
        const choice = choiceSchema.safeParse(incoming.body);
        if (!choice.success) throw new Refusal(20_063, 'the form is incomplete');
        if (choice.data.decision === 'deny') return redirect(redirectBack(read.request, { error: 'access_denied' }));
        const person = findPerson(choice.data.person ?? '');
        if (!person) throw new Refusal(20_008, 'no such person');
        return redirect(redirectBack(read.request, { code: book.grant(person, read.request) }));
      },
      refuse: refuseAsPage,
    },
  ];
}

function refuseAsPage(refusal: Refusal, incoming: Incoming): Answer {
  const problem: AuthorizeProblem = { code: refusal.code, words: { zh: refusal.message, en: refusal.message } };
  return problemPage(problem, languageOf(incoming), refusal.status);
}

function redirect(to: URL): Answer {
  return { status: 302, code: null, headers: { location: to.href, 'cache-control': 'no-store' }, body: '' };
}

/** `lang` in the query decides, then the browser's first language; Chinese otherwise. */
function languageOf(incoming: Incoming): Language {
  const asked = typeof incoming.query.lang === 'string' ? incoming.query.lang : incoming.headers['accept-language'];
  return asked?.toLowerCase().startsWith('en') ? 'en' : 'zh';
}
