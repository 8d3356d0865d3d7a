import { Anchor, UnstyledButton } from '@mantine/core';
import { useState } from 'react';
import type { Snapshot } from '../../src-main/contract/control.ts';
import type { CallView } from '../../src-main/contract/views.ts';
import { formatMoment } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { linkTo } from '../route.ts';
import { common } from '../texts/common.ts';
import { overview } from '../texts/overview.ts';
import { useAnswer } from '../use-answer.ts';
import { useFaultWords } from '../use-fault-words.ts';
import { CallDetail } from './call-detail.tsx';
import styles from './last-errors.module.css';
import { Panel, Section } from './section.tsx';
import table from './table.module.css';

const shown = 5;

/** What went wrong lately, in words. Nothing at all when nothing did. */
export function LastErrors({ snapshot, now }: { snapshot: Snapshot; now: number }) {
  const { language, t } = useLanguage();
  const [openId, setOpenId] = useState<string>();
  const wordsOf = useFaultWords();
  const { answer } = useAnswer('calls', { outcome: 'error', limit: shown }, snapshot.startedAt);
  const calls = lastErrors(snapshot.calls, answer?.calls ?? []);
  if (calls.length === 0) return null;
  return (
    <Section
      title={t(overview.lastErrors)}
      aside={<Anchor href={linkTo('calls', { outcome: 'error' })}>{t(overview.allErrors)}</Anchor>}
    >
      <Panel>
        <ul className={styles.list}>
          {calls.map((call) => (
            <li key={call.id}>
              <span className={styles.head}>
                <UnstyledButton className={table.open} aria-haspopup="dialog" onClick={() => setOpenId(call.id)}>
                  {call.tool}
                </UnstyledButton>
                <span className={table.dim}>
                  {call.client ?? t(common.unknownClient)} · {formatMoment(call.startedAt, language, now)}
                </span>
              </span>
              {wordsOf(call.fault) ?? t(overview.failedWithoutCode)}
            </li>
          ))}
        </ul>
      </Panel>
      <CallDetail
        call={calls.find((call) => call.id === openId)}
        accounts={snapshot.accounts}
        onClose={() => setOpenId(undefined)}
      />
    </Section>
  );
}

/** The newest of those the page saw and those it was told of. */
function lastErrors(seen: CallView[], told: CallView[]): CallView[] {
  const failed = seen.filter((call) => call.outcome === 'error' || call.outcome === 'unknown');
  const known = new Set(seen.map((call) => call.id));
  return [...failed, ...told.filter((call) => !known.has(call.id))]
    .sort((a, b) => b.startedAt - a.startedAt)
    .slice(0, shown);
}
