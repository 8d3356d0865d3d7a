import type { EventBus } from '../../src-main/base/event-bus.ts';
import { configSchema } from '../../src-main/contract/config.ts';
import type { ControlParts } from '../../src-main/control/control.ts';
import { LiveSettings } from '../../src-main/control/live-settings.ts';

type QuietParts = Pick<
  ControlParts,
  'settings' | 'directory' | 'trial' | 'admission' | 'about' | 'portHolder' | 'logLines'
>;

/** A machine without tools and without anything to say of itself, for tests of other parts of the control API. */
export function quietControlParts(bus: Pick<EventBus, 'publish'>): QuietParts {
  return {
    settings: new LiveSettings({ running: configSchema.parse({}), bus }),
    directory: {
      tools: () => [],
      presets: () => [],
      look: unasked,
      listed: () => ({ tools: [], tokens: 0, bytes: 0 }),
    },
    trial: unasked,
    admission: { buckets: () => ({ windowMs: 60_000, sessions: [], addresses: [] }) },
    about: unasked,
    portHolder: unasked,
    logLines: async () => [],
  };
}

function unasked(): never {
  throw new Error('not asked in this test');
}
