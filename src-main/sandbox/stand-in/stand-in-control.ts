import type { StandInFaults } from './stand-in-fault.ts';
import { standInFaultSchema } from './stand-in-fault.ts';
import { json, type StandInAnswer, type StandInEntry, type StandInRequest } from './stand-in-exchange.ts';

interface Controlled {
  faults: StandInFaults;
  mostConnections: number;
  log(path?: string): StandInEntry[];
  forget(): void;
}

/** What tests drive a stand-in with from another process: /__log, /__counts and /__fault. */
export function answerControl(standIn: Controlled, { method, path, query, body }: StandInRequest): StandInAnswer {
  switch (`${method} ${path}`) {
    case 'GET /__log':
      return json(standIn.log(query.get('path') ?? undefined));
    case 'DELETE /__log':
      standIn.forget();
      return json({});
    case 'GET /__counts':
      return json({ ...countsOf(standIn.log()), mostConnections: standIn.mostConnections });
    case 'POST /__fault': {
      const fault = standInFaultSchema.safeParse(body);
      if (!fault.success) return json({ error: fault.error.message }, 400);
      standIn.faults.add(fault.data);
      return json(standIn.faults.list());
    }
    case 'DELETE /__fault':
      standIn.faults.clear();
      return json([]);
    default:
      return json({ error: 'no such control' }, 404);
  }
}

function countsOf(log: readonly StandInEntry[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { method, path } of log) {
    const name = `${method} ${path}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
