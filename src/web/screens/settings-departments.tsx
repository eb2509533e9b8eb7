import { useUnitText } from '../features/access/unit-texts.ts';
import { Units } from '../features/access/units.tsx';
import { Page, PageHeader } from '../ui/page.tsx';

/** Who belongs where: departments as a tree, teams, territories. */
export function SettingsDepartmentsScreen() {
  const t = useUnitText();
  return (
    <Page>
      <PageHeader title={t('title')} hint={t('hint')} />
      <Units />
    </Page>
  );
}
