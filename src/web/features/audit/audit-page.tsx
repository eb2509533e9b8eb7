import { lazy, Suspense, useState } from 'react';
import { EntryList } from './entry-list.tsx';
import { VerifyCard } from './verify-card.tsx';
import './audit.css';

const EntryDrawer = lazy(() => import('./entry-drawer.tsx').then((m) => ({ default: m.EntryDrawer })));

/** The log: how it stands, and what is in it. `record`: only what touched that record. */
export function AuditPage({ record, onAll }: { record: string | undefined; onAll: () => void }) {
  const [open, setOpen] = useState<number | null>(null);
  return (
    <div className="xk-audit">
      <VerifyCard onOpen={setOpen} />
      <EntryList record={record} onOpen={setOpen} onAll={onAll} />
      <Suspense fallback={null}>{open !== null && <EntryDrawer leaf={open} onClose={() => setOpen(null)} />}</Suspense>
    </div>
  );
}
