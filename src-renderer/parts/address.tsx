import { Button, CopyButton } from '@mantine/core';
import { useLanguage } from '../language.tsx';
import { common } from '../texts/common.ts';
import styles from './address.module.css';

/** An address to paste into a client. */
export function Address({ label, url }: { label: string; url: string }) {
  const { t } = useLanguage();
  return (
    <div className={styles.address}>
      <span className={styles.label}>{label}</span>
      <span className={styles.url}>{url}</span>
      <CopyButton value={url}>
        {({ copied, copy }) => (
          <Button size="xs" variant="default" onClick={copy} aria-label={`${t(common.copy)} ${label}`}>
            <span role="status">{copied ? t(common.copied) : t(common.copy)}</span>
          </Button>
        )}
      </CopyButton>
    </div>
  );
}
