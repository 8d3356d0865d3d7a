import { useEffect, useState } from 'react';
import { followGateway, type GatewayView } from './gateway-feed.ts';

/** The gateway as it is now: a snapshot, then the events. It reconnects by itself. */
export function useGateway(): GatewayView {
  const [view, setView] = useState<GatewayView>({ status: 'loading' });
  useEffect(() => followGateway(setView), []);
  return view;
}
