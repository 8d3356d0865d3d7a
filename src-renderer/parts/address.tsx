import styles from './address.module.css';
import { CopyButton } from './copy-button.tsx';

/** An address to paste into a client or a form. */
export function Address({ label, url }: { label: string; url: string }) {
  return (
    <div className={styles.address}>
      <span className={styles.label}>{label}</span>
      <span className={styles.url}>{url}</span>
      <CopyButton value={url} what={label} />
    </div>
  );
}
