import type { Words } from '../contract/words.ts';
import type { Provider } from './provider.ts';

/** How another system than Feishu is doing. */
export interface ConnectorState {
  state:
    | 'ready'
    /** Something has to be set first. */
    | 'unconfigured'
    /** It goes wrong, and is tried again when it is called. */
    | 'attention'
    /** Nothing is sent until `until`, or until somebody resumes it. */
    | 'paused';
  /** What that means, and what to do. */
  words: Words;
  /** Milliseconds since 1970; null when only a person ends the pause, or there is none. */
  until: number | null;
  lastError: { at: number; words: Words } | null;
  /** Requests sent since the start. */
  requests: number;
  /** Requests of this month, as far as this process knows, and how many there should be at most. */
  quota: { used: number; budget: number } | null;
}

/** A provider for another system, with what a page about it shows and does. */
export interface Connector extends Provider {
  state(): ConnectorState;
  /** Ends a pause and proves at once whether the system can be used. */
  resume(): Promise<ConnectorState>;
}
