import type { Brand } from '../../contract/views.ts';
import { peopleOf } from '../company/people.ts';
import { json, Refusal } from '../wire/envelope.ts';
import type { Endpoint, Incoming } from '../wire/exchange.ts';
import { readDecision } from './decision-form.ts';
import { deviceLifetimeS, type DeviceRequest } from './device-book.ts';
import { tidyUserCode } from './device-code.ts';
import { askForCode, decidedPage, devicePage, deviceProblems } from './device-page.ts';
import { oauthRefusal } from './oauth-refusal.ts';
import { proveClient, readRequest, requirePublished, scopesOf } from './oauth-request.ts';
import { frameOf, originOf, problemPage, refuseAsPage } from './page.ts';
import type { SandboxApp } from './sandbox-app.ts';
import type { TokenParts } from './token-endpoint.ts';

const path = '/oauth/v1/device/verify';

/** Signing in without a redirect (RFC 8628): where an app begins, and the page where the person confirms. */
export function deviceEndpoints(brand: Brand, parts: TokenParts): Endpoint[] {
  const refuse = refuseAsPage(brand);
  return [
    {
      method: 'POST',
      path: '/oauth/v1/device_authorization',
      handle: (incoming) => json(begin(incoming, parts)),
      refuse: oauthRefusal,
    },
    {
      method: 'GET',
      path,
      handle: (incoming) => {
        const frame = frameOf(brand, incoming);
        if (typeof incoming.query.user_code !== 'string') return askForCode(frame);
        const found = find(incoming.query.user_code, parts);
        return typeof found === 'string'
          ? problemPage(frame, deviceProblems[found])
          : devicePage(frame, found.app, found.request);
      },
      refuse,
    },
    {
      method: 'POST',
      path,
      handle: (incoming) => {
        const frame = frameOf(brand, incoming);
        const found = find(String(incoming.query.user_code), parts);
        if (typeof found === 'string') return problemPage(frame, deviceProblems[found]);
        const person = readDecision(incoming, peopleOf(brand));
        parts.devices.decide(found.app, found.request.userCode, person);
        return decidedPage(frame, person !== null);
      },
      refuse,
    },
  ];
}

function begin(incoming: Incoming, { apps, devices }: TokenParts) {
  const request = readRequest(incoming);
  const app = proveClient(request, incoming, apps);
  requirePublished(app);
  const scopes = [...new Set(scopesOf(request))];
  if (scopes.length > 50) throw new Refusal(20_063, 'at most 50 scopes can be asked for at once');
  const { deviceCode, userCode } = devices.begin(app, scopes);
  const page = new URL(path, originOf(incoming));
  const complete = new URL(page);
  complete.searchParams.set('user_code', userCode);
  return {
    device_code: deviceCode,
    user_code: userCode,
    verification_uri: page.href,
    verification_uri_complete: complete.href,
    expires_in: deviceLifetimeS,
    interval: app.settings.deviceIntervalS,
  };
}

function find(
  typed: string,
  { apps, devices }: TokenParts,
): { app: SandboxApp; request: DeviceRequest } | keyof typeof deviceProblems {
  const request = devices.find(tidyUserCode(typed));
  if (typeof request === 'string') return request;
  const app = apps.find(request.clientId);
  return app ? { app, request } : 'unknown';
}
