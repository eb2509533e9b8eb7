import { useWaiting } from './approvals-api.ts';

/** How many requests wait for the reader. */
export function ApprovalsBadge() {
  const { data } = useWaiting();
  return data ? <span className="xk-nav-count">{data > 99 ? '99+' : data}</span> : null;
}
