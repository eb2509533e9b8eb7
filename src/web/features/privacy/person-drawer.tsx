import { useQuery } from '@tanstack/react-query';
import { Drawer } from 'antd';
import { useState } from 'react';
import { api } from '../../../contract/api.ts';
import { call } from '../../api/client.ts';
import { keys, useCatalog, useMay } from '../../api/query.ts';
import { ConsentList } from './consent-list.tsx';
import { EraseForm } from './erase-form.tsx';
import { privacyKeys } from './privacy-api.ts';
import type { Person } from './privacy-page.tsx';
import { RequestForm } from './request-form.tsx';
import { RequestLine } from './requests.tsx';
import { usePrivacyText } from './texts/texts.ts';
import '../../ui/plain.css';
import './privacy.css';

/** All about one person: what he agreed to; for the officer also what he asked for, and erasing. */
export function PersonDrawer({ person, onClose, onGone }: { person: Person; onClose(): void; onGone(): void }) {
  const t = usePrivacyText();
  const officer = useMay('privacy');
  const [busy, setBusy] = useState(false);
  const object = useCatalog().objects.find(({ name }) => name === person.object);
  const { data: name = '' } = useQuery({
    queryKey: [...keys.record(person.object, person.id), 'name'],
    queryFn: async ({ signal }) => {
      const { rows } = await call(api.records.get, { params: { object: person.object, id: person.id }, signal });
      return String(rows[0]?.values[object?.title ?? ''] ?? '');
    },
  });
  const { data: requests } = useQuery({
    queryKey: [...privacyKeys.all, 'requests', person.id],
    queryFn: async ({ signal }) =>
      (await call(api.subjects.requests, { query: { record: person.id }, signal })).requests,
    enabled: officer,
  });
  return (
    <Drawer open size={560} title={t('person-of', { name })} onClose={onClose} maskClosable={!busy}>
      <ConsentList person={person} />
      {officer && (
        <>
          <section className="xk-privacy-part">
            <h3>{t('requests')}</h3>
            {requests && requests.length > 0 && (
              <ul className="xk-privacy-list">
                {requests.map((request) => (
                  <RequestLine key={request.id} request={request} />
                ))}
              </ul>
            )}
            <RequestForm person={person} />
          </section>
          <section className="xk-privacy-part">
            <h3>{t('erase-title')}</h3>
            <p className="xk-muted xk-privacy-hint">{t('erase-hint')}</p>
            <EraseForm person={person} name={name} onBusy={setBusy} onGone={onGone} />
          </section>
        </>
      )}
    </Drawer>
  );
}
