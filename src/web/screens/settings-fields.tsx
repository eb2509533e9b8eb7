import { useNavigate, useSearch } from '@tanstack/react-router';
import { Designer } from '../features/designer/designer.tsx';
import { useDesignerText } from '../features/designer/texts.ts';
import { Page, PageHeader } from '../ui/page.tsx';
import { CONDITION_TOOLS } from './condition-tools.tsx';

/** Settings → objects and fields. The object is in the address. */
export function SettingsFieldsScreen() {
  const t = useDesignerText();
  const navigate = useNavigate();
  const { object } = useSearch({ from: '/app/settings/fields' });
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <Designer
        selected={object ?? 'customer'}
        conditions={CONDITION_TOOLS.Editor}
        onSelect={(next) => void navigate({ to: '/settings/fields', search: { object: next } })}
      />
    </Page>
  );
}
