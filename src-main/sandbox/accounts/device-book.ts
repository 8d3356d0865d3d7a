import { z } from 'zod';
import { sha256 } from '../../base/digest.ts';
import type { Person } from '../company/people.ts';
import type { Collection, Shelf } from '../company/store.ts';
import { Refusal } from '../wire/envelope.ts';
import { denied, deviceStateSchema, type DeviceCodes, expired, newCodes, notYet, unknown } from './device-code.ts';
import type { SandboxApp } from './sandbox-app.ts';
import type { TokenBook, Tokens } from './token-book.ts';

const requestSchema = deviceStateSchema.extend({
  clientId: z.string(),
  scopes: z.array(z.string()),
  state: z.enum(['pending', 'allowed', 'denied', 'used']),
  /** Key of the person who said yes. */
  person: z.string(),
});

export type DeviceRequest = z.infer<typeof requestSchema>;

export const deviceLifetimeS = 240;

/** Sign-ins by device code: begun by an app, decided by a person, fetched by the app once. */
export class DeviceBook {
  readonly #requests: Collection<DeviceRequest>;
  readonly #tokens: TokenBook;
  readonly #now: () => number;

  constructor(parts: { shelf: Shelf; tokens: TokenBook; now(): number }) {
    this.#requests = parts.shelf.collection('device', requestSchema, (request) => request.userCode);
    this.#tokens = parts.tokens;
    this.#now = () => parts.now();
  }

  begin(app: SandboxApp, scopes: string[]): DeviceCodes {
    const codes = newCodes();
    this.#requests.put(sha256(codes.deviceCode), {
      userCode: codes.userCode,
      expiresAt: this.#now() + deviceLifetimeS * 1000,
      intervalS: app.settings.deviceIntervalS,
      polledAt: null,
      clientId: app.id,
      scopes,
      state: 'pending',
      person: '',
    });
    return codes;
  }

  /** What the person with this user code is to decide. */
  find(userCode: string): DeviceRequest | 'unknown' | 'expired' {
    const request = this.#requests.list(userCode)[0];
    if (request?.state !== 'pending') return 'unknown';
    return request.expiresAt <= this.#now() ? 'expired' : request;
  }

  /** The person said yes, or no when there is none. What the app has not enabled is left out without a word. */
  decide(app: SandboxApp, userCode: string, person: Person | null): void {
    for (const [key, request] of this.#requests.entries(userCode)) {
      if (person) {
        const scopes = request.scopes.filter((scope) => app.hasEnabled(scope));
        this.#tokens.consent(app, person, scopes);
      }
      this.#requests.put(key, { ...request, state: person ? 'allowed' : 'denied', person: person?.key ?? '' });
    }
  }

  redeem(app: SandboxApp, deviceCode: string): Tokens {
    const key = sha256(deviceCode);
    const request = this.#requests.get(key);
    if (!request) throw unknown();
    if (request.clientId !== app.id) throw new Refusal(20_024, 'the device code belongs to another app');
    if (request.state === 'used') throw new Refusal(20_065, 'the device code was used before');
    if (request.state === 'denied') throw denied();
    if (request.expiresAt <= this.#now()) throw expired();
    if (request.state === 'pending') {
      this.#requests.put(key, { ...request, polledAt: this.#now() });
      throw notYet(request, this.#now());
    }
    this.#requests.put(key, { ...request, state: 'used' });
    return this.#tokens.issue(app, request.person, key);
  }
}
