import type { Brand } from '../../contract/views.ts';
import { peopleOf } from '../company/people.ts';
import type { Answer } from '../wire/envelope.ts';
import type { Endpoint } from '../wire/exchange.ts';
import type { AppBook } from './app-book.ts';
import { readAuthorizeRequest, redirectBack } from './authorize-request.ts';
import { consentPage } from './consent-page.ts';
import { readDecision } from './decision-form.ts';
import { frameOf, problemPage, refuseAsPage } from './page.ts';
import type { TokenBook } from './token-book.ts';

const path = '/open-apis/authen/v1/authorize';

/** The page where a person says yes or no to an app that waits for a redirect, and what their answer does. */
export function authorizeEndpoints(brand: Brand, apps: AppBook, tokens: TokenBook): Endpoint[] {
  const refuse = refuseAsPage(brand);
  return [
    {
      method: 'GET',
      path,
      handle: (incoming) => {
        const read = readAuthorizeRequest(incoming.query, apps);
        const frame = frameOf(brand, incoming);
        return 'problem' in read ? problemPage(frame, read.problem) : consentPage(frame, read.app, read.request);
      },
      refuse,
    },
    {
      method: 'POST',
      path,
      handle: (incoming) => {
        const read = readAuthorizeRequest(incoming.query, apps);
        if ('problem' in read) return problemPage(frameOf(brand, incoming), read.problem);
        const { app, request } = read;
        const person = readDecision(incoming, peopleOf(brand));
        return person
          ? redirect(redirectBack(request, { code: tokens.grant(app, person, request) }))
          : redirect(redirectBack(request, { error: 'access_denied' }));
      },
      refuse,
    },
  ];
}

function redirect(to: URL): Answer {
  return { status: 302, code: null, headers: { location: to.href, 'cache-control': 'no-store' }, body: '' };
}
