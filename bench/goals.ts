import type { Comparison, Situation } from './compare.ts';

export interface Goal {
  name: string;
  /** Ours and the official server's number, in `unit`. */
  ours: number;
  official: number;
  unit: 'ms' | 'MB';
  /** `ours` must not be above this: a share of `official`, or a number of its own. */
  atMost: number;
  means: string;
  reached: boolean;
}

/** Holds the numbers against what the gateway is meant to reach. */
export function judge({ situations, footprints }: Comparison): Goal[] {
  const cpu = situations.map((situation) => {
    const share = situation.operation === 'call' ? 10 : 20;
    return goal(`CPU per ${situation.operation}, c=${situation.clients}`, both(situation, 'cpu'), {
      share,
      unit: 'ms',
    });
  });
  const busy = situations.filter(({ clients }) => clients === 80);
  const late = busy.map((situation) =>
    goal(`p99 per ${situation.operation}, c=80`, both(situation, 'p99'), { share: 8, unit: 'ms' }),
  );
  const calls = busy.filter(({ operation }) => operation === 'call');
  const prompt = calls.map((situation) =>
    goal('p99 per call, c=80, below 300 ms', both(situation, 'p99'), { limit: 300, unit: 'ms' }),
  );
  const { official, gateway } = footprints;
  return [
    ...cpu,
    ...late,
    ...prompt,
    goal('memory after load', { ours: gateway.afterMb, official: official.afterMb }, { share: 3, unit: 'MB' }),
    goal('cold start to first list', { ours: gateway.coldMs, official: official.coldMs }, { share: 6, unit: 'ms' }),
  ];
}

function both({ loads }: Situation, key: 'cpu' | 'p99'): { ours: number; official: number } {
  return { ours: loads.gateway[key], official: loads.official[key] };
}

function goal(
  name: string,
  { ours, official }: { ours: number; official: number },
  wanted: { unit: Goal['unit'] } & ({ share: number } | { limit: number }),
): Goal {
  const atMost = 'share' in wanted ? official / wanted.share : wanted.limit;
  const means = 'share' in wanted ? `1/${wanted.share}` : `${wanted.limit} ${wanted.unit}`;
  return { name, ours, official, unit: wanted.unit, atMost, means, reached: ours <= atMost };
}
