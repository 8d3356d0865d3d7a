import type { FaultBody } from '../contract/fault-codes.ts';
import type { LoginStep, LoginView } from '../contract/views.ts';
import type { Words } from '../contract/words.ts';

/** What a person opens or scans. */
export interface LoginLink {
  url: string;
  userCode: string | null;
  /** Wall clock. */
  expiresAt: number;
}

type Beginning = Pick<LoginView, 'id' | 'way' | 'steps' | 'brand' | 'appId' | 'accountId' | 'scopes' | 'startedAt'>;

const noLink = { url: null, userCode: null, expiresAt: null, note: null };

export function newLogin(beginning: Beginning): LoginView {
  return { ...beginning, step: 0, state: 'starting', ...noLink, fault: null };
}

/** One `sign_in` step for each consent, after the step that makes the app ready. */
export function stepsOf(before: LoginStep | null, consents: number): LoginStep[] {
  return [...(before ? [before] : []), ...Array.from({ length: consents }, () => 'sign_in' as const)];
}

export function isOver({ state }: LoginView): boolean {
  return state === 'done' || state === 'failed' || state === 'canceled';
}

/** Which of the consents is under way. */
export function consentOf({ steps, step }: LoginView): number {
  return steps.slice(0, step).filter((one) => one === 'sign_in').length;
}

export function isLastStep({ steps, step }: LoginView): boolean {
  return step === steps.length - 1;
}

/** The moves of an attempt. One that is over stays as it is. */
export const moves = {
  showLink: (link: LoginLink) => whileOpen((login) => ({ ...login, state: 'waiting', ...link })),
  note: (note: Words | null) => whileOpen((login) => ({ ...login, note })),
  learn: (found: Partial<Pick<LoginView, 'scopes' | 'steps'>>) => whileOpen((login) => ({ ...login, ...found })),
  /** The present step is confirmed; `found`: what became known by it. */
  advance: (found: Partial<Pick<LoginView, 'appId' | 'brand' | 'accountId'>>) =>
    whileOpen((login) => ({ ...login, ...found, ...noLink, state: 'starting', step: login.step + 1 })),
  finish: (accountId: string) => whileOpen((login) => ({ ...login, ...noLink, state: 'done', accountId })),
  fail: (fault: FaultBody) =>
    whileOpen((login) => ({
      ...login,
      ...noLink,
      state: fault.code === 'login_canceled' ? 'canceled' : 'failed',
      fault,
    })),
};

export type Move = (login: LoginView) => LoginView;

function whileOpen(move: Move): Move {
  return (login) => (isOver(login) ? login : move(login));
}
