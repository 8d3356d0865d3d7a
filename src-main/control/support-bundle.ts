import { homedir } from 'node:os';
import { maskSecrets } from '../base/mask.ts';
import type { Clock } from '../base/clock.ts';
import type { Notices } from '../base/notices.ts';
import type { SessionView } from '../contract/views.ts';
import { healthOf } from './health.ts';
import type { IdentityParts } from './identity-handlers.ts';
import type { RecordParts } from './record-handlers.ts';
import type { SettingsParts } from './settings-handlers.ts';

export interface SupportParts
  extends
    Pick<IdentityParts, 'accounts' | 'apps' | 'clients'>,
    Pick<RecordParts, 'history'>,
    Pick<SettingsParts, 'settings' | 'about'> {
  startedAt: number;
  clock: Pick<Clock, 'now'>;
  notices: Pick<Notices, 'standing'>;
  sessions: { views(): SessionView[] };
  /** The newest lines of the log, the oldest of them first. */
  logLines(count: number): Promise<string[]>;
}

const logLines = 200;

/** Everything that helps to find a fault from afar, and nothing that says who or what it was about. */
export async function supportBundle(parts: SupportParts): Promise<{ filename: string; text: string }> {
  const { accounts, apps, clients, clock, history, notices, sessions, settings } = parts;
  const madeAt = new Date(clock.now()).toISOString();
  const bundle = {
    madeAt,
    about: { ...parts.about(), uptimeMs: clock.now() - parts.startedAt },
    health: healthOf(notices.standing(), accounts.list()),
    notices: notices.standing(),
    settings: Object.fromEntries(
      settings.view().fields.map((field) => [`${field.section}.${field.name}`, field.running]),
    ),
    restartNeeded: settings.view().restartNeeded,
    counts: {
      accounts: tally(accounts.list().map(({ state, way, brand }) => `${brand} ${way} ${state}`)),
      apps: tally(apps.list().map(({ brand, origin }) => `${brand} ${origin}`)),
      clients: clients.list().length,
      sessions: tally(
        sessions.views().map(({ transport, protocolVersion }) => `${transport} ${protocolVersion ?? '?'}`),
      ),
      calls: history.counts({}),
    },
    log: (await parts.logLines(logLines)).map((line) => readLine(line)),
  };
  // Nothing in it should be a secret; this is the last net, over the whole text.
  const text = hide(JSON.stringify(bundle, undefined, 2));
  return { filename: `larkgate-support-${madeAt.slice(0, 10)}.json`, text };
}

function tally(kinds: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    Map.groupBy(kinds, (kind) => kind)
      .entries()
      .map(([kind, all]) => [kind, all.length]),
  );
}

/** A line of the log is a JSON object; one that is not is kept as a text. */
function readLine(line: string): unknown {
  try {
    return JSON.parse(maskSecrets(line));
  } catch {
    return maskSecrets(line);
  }
}

/** Secrets, the login in an address, and the name of the person's home folder. */
function hide(text: string): string {
  const home = JSON.stringify(homedir()).slice(1, -1);
  const nameless = home.length > 1 ? text.replaceAll(home, '~') : text;
  return maskSecrets(nameless.replaceAll(/\/\/[^/\s"@]+@/g, '//***@'));
}
