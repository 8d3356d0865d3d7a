import { randomBytes } from 'node:crypto';
import { Fault } from '../../../src-main/base/fault.ts';
import type { Brand } from '../../../src-main/contract/views.ts';
import type { RegisteredApp, Registrar, Registration } from '../../../src-main/tokens/registrar.ts';

interface Waiting {
  registration: Registration;
  url: string;
  resolve(app: RegisteredApp): void;
  reject(fault: Fault): void;
}

/** Feishu's app registration: waits for a person, and ends with the signal. */
export class FakeRegistrar {
  readonly registrations: Registration[] = [];
  beginFault: Fault | undefined;
  lifeMs = 600_000;
  #waiting: Waiting[] = [];

  readonly register: Registrar = async (registration) => {
    this.registrations.push(registration);
    if (this.beginFault) throw this.beginFault;
    const url = `https://feishu.example/register?user_code=${randomBytes(4).toString('hex')}`;
    registration.onLink({ url: new URL(url), expiresInMs: this.lifeMs });
    return new Promise<RegisteredApp>((resolve, reject) => {
      this.#waiting.push({ registration, url, resolve, reject });
      registration.signal.addEventListener('abort', () => reject(new Fault('login_canceled')));
    });
  };

  /** What a person does on the page that the link opens. */
  confirm(url: string | null, made: { appId?: string; brand?: Brand; appSecret?: string } = {}): void {
    const waiting = this.#take(url);
    if (!waiting) return;
    const { registration } = waiting;
    waiting.resolve({
      appId: made.appId ?? registration.appId ?? `cli_${randomBytes(8).toString('hex')}`,
      appSecret: made.appSecret ?? `canary-secret-${randomBytes(8).toString('hex')}`,
      brand: made.brand ?? registration.brand,
    });
  }

  end(url: string | null, fault: Fault): void {
    this.#take(url)?.reject(fault);
  }

  #take(url: string | null): Waiting | undefined {
    const found = this.#waiting.find((one) => one.url === url);
    this.#waiting = this.#waiting.filter((one) => one !== found);
    return found;
  }
}
