import { z } from 'zod';
import { sha256 } from '../../base/digest.ts';
import type { Brand } from '../../contract/views.ts';
import { brandOf, type Person } from '../company/people.ts';
import type { Collection, Shelf } from '../company/store.ts';
import type { AppBook } from './app-book.ts';
import { denied, deviceStateSchema, type DeviceCodes, expired, newCodes, notYet, unknown } from './device-code.ts';
import type { RegistrationPlan } from './registration-plan.ts';
import type { SandboxApp } from './sandbox-app.ts';

const registrationSchema = deviceStateSchema.extend({
  state: z.enum(['pending', 'confirmed', 'denied']),
  brand: z.enum(['feishu', 'lark']).nullable(),
  openId: z.string(),
  appId: z.string(),
});

type Registration = z.infer<typeof registrationSchema>;

export const registrationLifetimeS = 600;

export interface Outcome {
  brand: Brand;
  openId: string;
  app: SandboxApp;
}

/** Registrations of apps. One place for both services, because a person of either may confirm what began at the other. */
export class RegistrationBook {
  readonly #registrations: Collection<Registration>;
  readonly #apps: Record<Brand, AppBook>;
  readonly #now: () => number;

  constructor(parts: { shelf: Shelf; apps: Record<Brand, AppBook>; now(): number }) {
    this.#registrations = parts.shelf.collection('registration', registrationSchema, (one) => one.userCode);
    this.#apps = parts.apps;
    this.#now = () => parts.now();
  }

  begin(intervalS: number): DeviceCodes {
    const codes = newCodes();
    this.#registrations.put(sha256(codes.deviceCode), {
      userCode: codes.userCode,
      expiresAt: this.#now() + registrationLifetimeS * 1000,
      intervalS,
      polledAt: null,
      state: 'pending',
      brand: null,
      openId: '',
      appId: '',
    });
    return codes;
  }

  /** Whether a person can still decide about this user code. */
  stateOf(userCode: string): 'open' | 'unknown' | 'expired' {
    const [registration] = this.#registrations.list(userCode);
    if (registration?.state !== 'pending') return 'unknown';
    return registration.expiresAt <= this.#now() ? 'expired' : 'open';
  }

  deny(userCode: string): void {
    this.#settle(userCode, { state: 'denied' });
  }

  /** Creates or extends the app in the person's organization. */
  confirm(userCode: string, person: Person, plan: RegistrationPlan): void {
    const brand = brandOf(person);
    const app = plan.app ?? this.#apps[brand].register(plan.agentOf(person));
    if (plan.app) app.confirm(plan.scopes, plan.selfManage);
    this.#settle(userCode, { state: 'confirmed', brand, openId: person.openId, appId: app.id });
  }

  /** What became of it. The same answer until it expires: the official SDK asks for it twice in a row. */
  poll(deviceCode: string): Outcome {
    const key = sha256(deviceCode);
    const registration = this.#registrations.get(key);
    if (!registration) throw unknown();
    const { state, brand, openId, appId } = registration;
    if (state === 'denied') throw denied();
    if (registration.expiresAt <= this.#now()) throw expired();
    const app = brand && this.#apps[brand].find(appId);
    if (brand && app) return { brand, openId, app };
    this.#registrations.put(key, { ...registration, polledAt: this.#now() });
    throw notYet(registration, this.#now());
  }

  #settle(userCode: string, changes: Partial<Registration>): void {
    for (const [key, registration] of this.#registrations.entries(userCode))
      this.#registrations.put(key, { ...registration, ...changes });
  }
}
