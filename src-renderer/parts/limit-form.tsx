import { Alert, Button, NumberInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { Snapshot } from '../../src-main/contract/control.ts';
import { callControl } from '../control-client.ts';
import { useLanguage } from '../language.tsx';
import { limitTexts } from '../texts/limits.ts';
import { useAction } from '../use-action.ts';
import styles from './limit-form.module.css';

type Entry = number | string;

/** Changes how many requests a minute are allowed. `onSaved` learns whether a restart keeps it. */
export function LimitForm({ limits, onSaved }: { limits: Snapshot['limits']; onSaved: (kept: boolean) => void }) {
  const { t } = useLanguage();
  const action = useAction();
  const [perSession, setPerSession] = useState<Entry>(limits.perSession);
  const [perAddress, setPerAddress] = useState<Entry>(limits.perAddress);
  const unchanged = perSession === limits.perSession && perAddress === limits.perAddress;
  const save = (submit: FormEvent) => {
    submit.preventDefault();
    if (!isLimit(perSession) || !isLimit(perAddress)) return;
    void action.run(async () => {
      const change = { perSession, perAddress };
      const { kept } = await callControl('setSettings', { section: 'limits', change });
      onSaved(kept);
    });
  };
  const errorOf = (entry: Entry) => (isLimit(entry) ? null : t(limitTexts.range));
  return (
    <form className={styles.form} onSubmit={save}>
      <NumberInput
        label={t(limitTexts.perSession)}
        description={t(limitTexts.perSessionHint)}
        value={perSession}
        onChange={setPerSession}
        error={errorOf(perSession)}
        allowDecimal={false}
      />
      <NumberInput
        label={t(limitTexts.perAddress)}
        description={t(limitTexts.perAddressHint)}
        value={perAddress}
        onChange={setPerAddress}
        error={errorOf(perAddress)}
        allowDecimal={false}
      />
      <Button type="submit" loading={action.busy} disabled={unchanged || !isLimit(perSession) || !isLimit(perAddress)}>
        {t(limitTexts.save)}
      </Button>
      {action.error && (
        <Alert className={styles.wide} color="red" role="alert">
          {t(action.error)}
        </Alert>
      )}
    </form>
  );
}

function isLimit(entry: Entry): entry is number {
  return typeof entry === 'number' && Number.isInteger(entry) && entry >= 1 && entry <= 100_000;
}
