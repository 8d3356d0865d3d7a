import type { Signer } from '../base/signer.ts';

/** Lets a browser, or the command line, use the control API. */
export const dashboardCookieName = 'larkgate_dashboard';

const purpose = 'dashboard-cookie';

/** The value of a cookie that is good until `until`. */
export function dashboardCookieValue(signer: Signer, until: number): string {
  return signer.seal(purpose, String(until));
}

export function isDashboardCookie(signer: Signer, value: string, now: number): boolean {
  const until = signer.open(purpose, value);
  return until !== undefined && Number(until) >= now;
}

/** A Cookie header, good for a minute, for a program that can read the data folder's key. */
export function dashboardCookie(signer: Signer, now: number): string {
  return `${dashboardCookieName}=${dashboardCookieValue(signer, now + 60_000)}`;
}
