import type { EventListener } from '../base/event-bus.ts';
import type { ControlInput, ControlMethod, ControlOutput } from '../contract/control.ts';

/** A running gateway, as far as the shell knows it: the control API in process, and the event bus. */
export interface DesktopGateway {
  /** What MCP clients are given. */
  mcpUrl: string;
  clientKey: string;
  subscribe(listener: EventListener): () => void;
  call<M extends ControlMethod>(method: M, input: ControlInput<M>): Promise<ControlOutput<M>>;
  /** A link that lets the window into the dashboard, once. */
  dashboardLink(): string;
  /** The machine slept or its network changed: what failed before may work now. */
  wake(): void;
  close(drainMs: number): Promise<void>;
}
