import type { PsmConfig } from '../../contract/connectors-config.ts';
import type { AnswerCache } from './answer-cache.ts';
import type { RegionResult } from './choose-result.ts';
import type { Errand, IntranetLink } from './intranet-link.ts';
import type { JwtSource } from './jwt-source.ts';
import { readServices, type Service } from './psm-answer.ts';
import { tooSlow, Trouble } from './psm-trouble.ts';

export interface ServiceSearchParts {
  link: IntranetLink;
  jwts: JwtSource;
  cache: AnswerCache;
  settings: PsmConfig;
}

/** Asks every region at once; what goes wrong in one is its own affair. */
export async function searchRegions(
  keyword: string,
  errand: Errand,
  parts: ServiceSearchParts,
): Promise<RegionResult[]> {
  return Promise.all(
    parts.settings.regions.map(async (region): Promise<RegionResult> => {
      try {
        return { region, services: await searchRegion(keyword, region, { errand, parts }) };
      } catch (thrown) {
        if (thrown instanceof Trouble) return { region, trouble: thrown };
        if (errand.isLate()) return { region, trouble: new Trouble({ kind: 'NETWORK_ERROR', words: tooSlow }) };
        throw thrown;
      }
    }),
  );
}

interface Search {
  errand: Errand;
  parts: ServiceSearchParts;
}

async function searchRegion(keyword: string, region: string, search: Search): Promise<Service[]> {
  const { cache } = search.parts;
  const cached = cache.get(keyword, region);
  if (cached) return cached;
  const services = await askWithJwt(keyword, region, search);
  cache.put(keyword, region, services);
  return services;
}

/** A JWT that is refused is replaced once. */
async function askWithJwt(keyword: string, region: string, { errand, parts }: Search): Promise<Service[]> {
  const { link, jwts } = parts;
  const url = new URL(`${region}/api/neptune/ms/service/search`);
  url.search = new URLSearchParams({ keyword, search_type: 'all' }).toString();
  const ask = (jwt: string) =>
    link.ask({ url, headers: { 'x-jwt-token': jwt, accept: 'application/json' } }, errand, readServices);
  const { value } = await jwts.get(errand);
  try {
    return await ask(value);
  } catch (thrown) {
    if (!(thrown instanceof Trouble) || thrown.kind !== 'AUTH_ERROR') throw thrown;
  }
  return ask((await jwts.another(value, errand)).value);
}
