import { useSyncExternalStore } from 'react';

export interface Route {
  page: string;
  parameters: URLSearchParams;
}

/** Where the page is: `#/calls?tool=x`. It is in the address, so that links, reload and the back button work. */
export function useRoute(): Route {
  return parseRoute(useSyncExternalStore(subscribe, () => location.hash));
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return { page: path || 'overview', parameters: new URLSearchParams(query) };
}

/** The address of a page; parameters without a value are left out. */
export function linkTo(page: string, parameters: Record<string, string | null | undefined> = {}): string {
  const given = Object.entries(parameters).filter((entry): entry is [string, string] => Boolean(entry[1]));
  const query = new URLSearchParams(given).toString();
  return query ? `#/${page}?${query}` : `#/${page}`;
}

function subscribe(changed: () => void): () => void {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}
