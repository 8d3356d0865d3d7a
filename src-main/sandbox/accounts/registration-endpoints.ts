import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Brand } from '../../contract/views.ts';
import { type Answer, json, Refusal } from '../wire/envelope.ts';
import type { Endpoint, Incoming } from '../wire/exchange.ts';
import type { AppBook } from './app-book.ts';
import { readDecision } from './decision-form.ts';
import { tidyUserCode } from './device-code.ts';
import { deviceProblems } from './device-page.ts';
import { oauthRefusal } from './oauth-refusal.ts';
import { frameOf, originOf, problemPage, refuseAsPage } from './page.ts';
import { type RegistrationBook, registrationLifetimeS } from './registration-book.ts';
import { registeredPage, registrationPage } from './registration-page.ts';
import { planRegistration } from './registration-plan.ts';

export interface RegistrationParts {
  /** The service whose host this is. */
  brand: Brand;
  apps: Record<Brand, AppBook>;
  registrations: RegistrationBook;
}

const pagePath = '/page/launcher';

const actionSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('init') }),
  z.object({
    action: z.literal('begin'),
    archetype: z.literal('PersonalAgent'),
    auth_method: z.literal('client_secret'),
  }),
  z.object({ action: z.literal('poll'), device_code: z.string().min(1) }),
]);

/** Self-registration of apps: the endpoint that the official SDK talks to, and the page where a person confirms. */
export function registrationEndpoints(parts: RegistrationParts): Endpoint[] {
  const refuse = refuseAsPage(parts.brand);
  return [
    {
      method: 'POST',
      path: '/oauth/v1/app/registration',
      handle: (incoming) => act(incoming, parts),
      refuse: oauthRefusal,
    },
    { method: 'GET', path: pagePath, handle: (incoming) => show(incoming, parts), refuse },
    { method: 'POST', path: pagePath, handle: (incoming) => decide(incoming, parts), refuse },
  ];
}

function act(incoming: Incoming, { brand, apps, registrations }: RegistrationParts): Answer {
  const request = actionSchema.safeParse(incoming.body);
  if (!request.success) throw new Refusal(20_063, 'the request is malformed');
  switch (request.data.action) {
    case 'init':
      return json({ nonce: randomBytes(16).toString('hex'), supported_auth_methods: ['client_secret'] });
    case 'begin':
      return json(begin(incoming, registrations, apps[brand].home.settings.deviceIntervalS));
    case 'poll':
      return json(outcome(registrations, request.data.device_code, brand));
  }
}

function begin(incoming: Incoming, registrations: RegistrationBook, intervalS: number) {
  const { deviceCode, userCode } = registrations.begin(intervalS);
  const page = new URL(pagePath, originOf(incoming));
  const complete = new URL(page);
  complete.searchParams.set('user_code', userCode);
  return {
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: page.href,
    verification_uri_complete: complete.href,
    // Clients of different age read one or the other.
    expires_in: registrationLifetimeS,
    expire_in: registrationLifetimeS,
    interval: intervalS,
  };
}

/** At the host of the other service one learns only where to ask. */
function outcome(registrations: RegistrationBook, deviceCode: string, host: Brand) {
  const { brand, openId, app } = registrations.poll(deviceCode);
  if (brand !== host) return { user_info: { tenant_brand: brand } };
  const { id: client_id, secret: client_secret } = app.record;
  return { client_id, client_secret, user_info: { open_id: openId, tenant_brand: brand } };
}

function show(incoming: Incoming, parts: RegistrationParts): Answer {
  const frame = frameOf(parts.brand, incoming);
  const state = parts.registrations.stateOf(userCodeOf(incoming));
  if (state !== 'open') return problemPage(frame, deviceProblems[state]);
  const plan = planRegistration(incoming.query, parts.brand, parts.apps);
  return 'problem' in plan ? problemPage(frame, plan.problem) : registrationPage(frame, plan);
}

function decide(incoming: Incoming, parts: RegistrationParts): Answer {
  const { registrations, brand, apps } = parts;
  const frame = frameOf(brand, incoming);
  const userCode = userCodeOf(incoming);
  const state = registrations.stateOf(userCode);
  if (state !== 'open') return problemPage(frame, deviceProblems[state]);
  const plan = planRegistration(incoming.query, brand, apps);
  if ('problem' in plan) return problemPage(frame, plan.problem);
  const person = readDecision(incoming, plan.people);
  if (person && plan.app && plan.app.record.owner !== person.key) return problemPage(frame, notTheOwner);
  if (person) registrations.confirm(userCode, person, plan);
  else registrations.deny(userCode);
  return registeredPage(frame, person !== null);
}

const notTheOwner = {
  code: null,
  words: {
    zh: '只有应用的所有者可以修改它。请换用所有者的账号。',
    en: 'Only the owner of the app can change it. Use the owner’s account.',
  },
};

function userCodeOf(incoming: Incoming): string {
  return tidyUserCode(typeof incoming.query.user_code === 'string' ? incoming.query.user_code : '');
}
