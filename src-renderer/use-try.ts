import { useState } from 'react';
import type { ToolDetailView, TryResultView, TryView } from '../src-main/contract/tool-views.ts';
import { callControl, ControlError } from './control-client.ts';

export type DryRun = NonNullable<TryView['dryRun']>;

export interface Trying {
  busy: boolean;
  /** The request that would be sent, after a dry run. */
  preview: DryRun | null;
  /** A person has to say yes to this before it is sent: null when there is nothing to ask. */
  asking: { preview: DryRun | null } | null;
  result: TryResultView | null;
  error: ControlError | null;
  dryRun: (input: Record<string, unknown>) => void;
  /** Runs what reads; asks first for what writes. Either way a dry run checks the arguments before. */
  run: (input: Record<string, unknown>) => void;
  /** A person said yes. */
  confirm: () => Promise<void>;
  giveUp: () => void;
}

interface Outcome {
  preview?: DryRun | null;
  result?: TryResultView | null;
  error?: ControlError | null;
}

/** Tries one tool out, as `accountId`. */
export function useTry(tool: ToolDetailView, accountId: string | undefined): Trying {
  const [busy, setBusy] = useState(false);
  const [{ preview = null, result = null, error = null }, setOutcome] = useState<Outcome>({});
  const [asking, setAsking] = useState<{ input: Record<string, unknown>; preview: DryRun | null } | null>(null);
  const account = accountId === undefined ? {} : { accountId };
  const ask = async (input: Record<string, unknown>) => {
    const { dryRun } = await callControl('tryTool', { name: tool.id, arguments: input, ...account, dryRun: true });
    return dryRun;
  };
  const call = async (input: Record<string, unknown>, confirm: boolean) => {
    const { result } = await callControl('tryTool', { name: tool.id, arguments: input, ...account, confirm });
    setOutcome({ result });
  };
  const work = async (doing: () => Promise<void>) => {
    setBusy(true);
    setOutcome({});
    try {
      await doing();
    } catch (thrown) {
      setOutcome({ error: ControlError.from(thrown) });
    } finally {
      setBusy(false);
    }
  };
  return {
    busy,
    preview,
    asking,
    result,
    error,
    dryRun: (input) => void work(async () => setOutcome({ preview: await ask(input) })),
    run: (input) =>
      void work(async () => {
        const preview = await ask(input).catch(withoutPreview);
        if (tool.risk === 'read') await call(input, false);
        else setAsking({ input, preview });
      }),
    confirm: async () => {
      if (asking) await call(asking.input, true);
    },
    giveUp: () => setAsking(null),
  };
}

/** Some tools know what they would send only after a look-up: they have no dry run, and run all the same. */
function withoutPreview(thrown: unknown): null {
  const error = ControlError.from(thrown);
  if (error.code === 'invalid_request') return null;
  throw error;
}
