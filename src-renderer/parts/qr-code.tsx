import { useMemo } from 'react';
import { qrShape } from '../qr-shape.ts';
import styles from './login.module.css';

/** Dark on light whatever the colours of the page: cameras expect it so. Nothing when the text is too long for one. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const shape = useMemo(() => qrShape(text), [text]);
  if (!shape) return null;
  const { d, size } = shape;
  return (
    // Three pixels for a module at least: long links make dense codes.
    <svg
      className={styles.qr}
      width={Math.max(220, size * 3)}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={d} fill="#000" />
    </svg>
  );
}
