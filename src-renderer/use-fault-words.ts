import { useEffect, useState } from 'react';
import type { ControlOutput } from '../src-main/contract/control.ts';
import type { FaultCode } from '../src-main/contract/fault-codes.ts';
import { callControl } from './control-client.ts';
import { useLanguage } from './language.tsx';

type Faults = ControlOutput<'faults'>['faults'];

let asked: Promise<Faults> | undefined;

/** What fault codes mean, in the language of the page; undefined while that is not known. */
export function useFaultWords(): (code: FaultCode | null) => string | undefined {
  const { t } = useLanguage();
  const [faults, setFaults] = useState<Faults>();
  useEffect(() => {
    let isGone = false;
    asked ??= callControl('faults', {}).then(({ faults: all }) => all);
    const take = (all: Faults) => void (isGone || setFaults(all));
    const forget = () => void (asked = undefined);
    asked.then(take, forget);
    return () => {
      isGone = true;
    };
  }, []);
  return (code) => {
    const fault = code === null ? undefined : faults?.[code];
    return fault && t(fault.words);
  };
}
