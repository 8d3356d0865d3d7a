import { Drawer } from '@mantine/core';
import type { AccountView, CallView } from '../../src-main/contract/views.ts';
import { accountName } from '../account-name.ts';
import { formatFull, formatMs } from '../format.ts';
import { useLanguage } from '../language.tsx';
import { common, risks } from '../texts/common.ts';
import { callTexts, outcomeHints } from '../texts/pages.ts';
import styles from './call-detail.module.css';
import dialog from './dialog.module.css';
import { OutcomeBadge } from './outcome-badge.tsx';

interface CallDetailProps {
  /** Undefined: none is open. */
  call: CallView | undefined;
  accounts: AccountView[];
  onClose: () => void;
}

/** Everything that was recorded of one call, beside the list. */
export function CallDetail({ call, accounts, onClose }: CallDetailProps) {
  const { t } = useLanguage();
  return (
    <Drawer.Root
      opened={call !== undefined}
      onClose={onClose}
      position="right"
      lockScroll={false}
      transitionProps={{ duration: 0 }}
    >
      <Drawer.Overlay />
      <Drawer.Content>
        <div className={dialog.head}>
          <Drawer.Title className={styles.code}>{call?.tool}</Drawer.Title>
          <Drawer.CloseButton aria-label={t(common.close)} />
        </div>
        <Drawer.Body>
          {call && (
            <>
              <OutcomeBadge outcome={call.outcome} />
              <p>{t(outcomeHints[call.outcome ?? 'running'])}</p>
              <CallFacts call={call} accounts={accounts} />
            </>
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function CallFacts({ call, accounts }: { call: CallView; accounts: AccountView[] }) {
  const { language, t } = useLanguage();
  const plain: [string, string | null][] = [
    [t(callTexts.started), formatFull(call.startedAt, language)],
    [t(common.duration), call.ms === null ? null : formatMs(call.ms)],
    [t(callTexts.upstream), call.ms === null ? null : formatMs(call.upstreamMs)],
    [t(callTexts.gateway), call.ms === null ? null : formatMs(Math.max(0, call.ms - call.upstreamMs))],
    [t(callTexts.risk), call.risk && t(risks[call.risk])],
    [t(common.client), call.client],
    [t(common.account), accountName(call.accountId, accounts)],
  ];
  const codes: [string, string | null][] = [
    [t(callTexts.provider), call.provider],
    [t(callTexts.fault), call.fault],
    [t(callTexts.upstreamCode), call.upstreamCode?.toString() ?? null],
    [t(callTexts.logId), call.logId],
    [t(common.session), call.sessionId],
    [t(callTexts.key), call.keyId],
    [t(callTexts.callId), call.id],
    [t(callTexts.fingerprint), call.argumentsSha256],
  ];
  return (
    <dl className={styles.facts}>
      {plain.map(([name, value]) => value !== null && <Fact key={name} name={name} value={value} />)}
      {codes.map(([name, value]) => value !== null && <Fact key={name} name={name} value={value} code />)}
    </dl>
  );
}

function Fact({ name, value, code = false }: { name: string; value: string; code?: boolean }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className={code ? styles.code : undefined}>{value}</dd>
    </>
  );
}
