import type { AppView } from '../src-main/contract/views.ts';

/** What people call an app: its name, or its id where it has none. */
export function appName(app: Pick<AppView, 'id' | 'name'>): string {
  return app.name ?? app.id;
}
