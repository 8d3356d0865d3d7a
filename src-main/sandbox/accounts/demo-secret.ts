import { Fault } from '../../base/fault.ts';

/** Throws `config_invalid` when somebody is about to hand a real secret to the sandbox. */
export function requireDemoSecret(secret: string): void {
  if (looksReal(secret)) throw new Fault('config_invalid', { words: realSecretWords });
}

/** Feishu's secrets are 32 letters and digits. One of those must never reach a stand-in. */
export function looksReal(secret: string): boolean {
  return /^[A-Za-z0-9]{32}$/.test(secret);
}

export const realSecretWords = {
  zh: '这个 App Secret 看起来是真的。沙箱只接受演示用的密钥，请不要把真实密钥交给它。',
  en: 'This app secret looks real. The sandbox takes demo secrets only; keep real ones away from it.',
};
