import type { Service } from './psm-answer.ts';
import type { Trouble } from './psm-trouble.ts';

/** What one region said. */
export type RegionResult = { region: string } & (
  | { services: Service[]; trouble?: undefined }
  | { trouble: Trouble; services?: undefined }
);

export type Choice =
  | { found: Service[]; region: string; match: 'exact' | 'fallback'; failed: RegionResult[] }
  /** At least one region answered, and none that did knows the service. */
  | { found: undefined; failed: RegionResult[]; trouble?: undefined }
  /** No region answered. */
  | { found: undefined; trouble: Trouble; failed: RegionResult[] };

/** The region whose answer counts: one that has the very service, else the first that has anything, in their order. */
export function chooseResult(keyword: string, results: readonly RegionResult[]): Choice {
  const failed = results.filter(({ trouble }) => trouble !== undefined);
  const withData = results.flatMap(({ region, services }) => (services?.length ? [{ region, services }] : []));
  const exact = withData.find(({ services }) => services.some(({ psm }) => psm === keyword));
  const chosen = exact ?? withData[0];
  if (chosen) return { found: chosen.services, region: chosen.region, match: exact ? 'exact' : 'fallback', failed };
  const trouble = failed.length === results.length ? gravest(failed) : undefined;
  return trouble ? { found: undefined, trouble, failed } : { found: undefined, failed };
}

const gravity = ['AUTH_ERROR', 'BUSINESS_ERROR', 'SERVICE_ERROR', 'NETWORK_ERROR'];

/** What a person can mend comes first. */
function gravest(failed: readonly RegionResult[]): Trouble | undefined {
  const troubles = failed.flatMap(({ trouble }) => trouble ?? []);
  return troubles.toSorted((a, b) => gravity.indexOf(a.kind) - gravity.indexOf(b.kind))[0];
}
