import { Fault } from '../base/fault.ts';
import type { StampedEvent } from '../contract/events.ts';
import type { DesktopGateway } from './desktop-gateway.ts';
import type { StartChoice } from './start-problem.ts';
import type { TrayChange } from './tray-state.ts';

export interface GatewayKeeperParts {
  /** Starts a gateway. Rejects with a Fault. */
  open(): Promise<DesktopGateway>;
  /** Writes down that the gateway listens elsewhere from now on. */
  moveTo(port: number): Promise<void>;
  onChange(change: TrayChange): void;
  onEvent(event: StampedEvent): void;
  askAboutStart(fault: Fault): Promise<StartChoice>;
  quit(): void;
}

/** Starts the gateway, starts it again when a person wants it, and tells what becomes of it. */
export class GatewayKeeper {
  readonly #parts: GatewayKeeperParts;
  #gateway: DesktopGateway | undefined;
  #starting: Promise<void> | undefined;
  #unsubscribe = () => {};

  constructor(parts: GatewayKeeperParts) {
    this.#parts = parts;
  }

  get gateway(): DesktopGateway | undefined {
    return this.#gateway;
  }

  /** Resolves when the gateway runs, or when the person gave up on it. */
  start(): Promise<void> {
    this.#starting ??= this.#start().finally(() => (this.#starting = undefined));
    return this.#starting;
  }

  async close(drainMs: number): Promise<void> {
    this.#unsubscribe();
    await this.#gateway?.close(drainMs);
  }

  async #start(): Promise<void> {
    while (!this.#gateway) {
      this.#parts.onChange({ kind: 'gateway.starting' });
      try {
        this.#gateway = await this.#parts.open();
        await this.#follow(this.#gateway);
      } catch (thrown) {
        await this.#gateway?.close(0).catch(() => {});
        this.#gateway = undefined;
        if (!(await this.#isToTryAgain(Fault.from(thrown)))) return;
      }
    }
  }

  async #isToTryAgain(fault: Fault): Promise<boolean> {
    this.#parts.onChange({ kind: 'gateway.stopped', why: fault.words });
    const choice = await this.#parts.askAboutStart(fault);
    if (choice.do === 'quit') this.#parts.quit();
    if (choice.do !== 'move') return choice.do === 'again';
    try {
      await this.#parts.moveTo(choice.port);
      return true;
    } catch (thrown) {
      return this.#isToTryAgain(Fault.from(thrown));
    }
  }

  /** A snapshot, then every event after it. */
  async #follow(gateway: DesktopGateway): Promise<void> {
    const { onChange, onEvent } = this.#parts;
    let early: StampedEvent[] | undefined = [];
    const take = (event: StampedEvent) => {
      onChange(event);
      onEvent(event);
    };
    this.#unsubscribe = gateway.subscribe((event) => void (early ? early.push(event) : take(event)));
    const { lastEventId, ...facts } = await gateway.call('snapshot', {});
    onChange({ kind: 'gateway.started', facts });
    const missed = early.filter(({ id }) => id > lastEventId);
    early = undefined;
    for (const event of missed) take(event);
  }
}
