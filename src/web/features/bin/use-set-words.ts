import { useCatalog } from '../../api/query.ts';
import { useLabel, useLang } from '../../i18n/core.ts';
import { type ChangeSet, countsOf } from './change-set-words.ts';
import { useBinText } from './texts.ts';

/** “修改 2 条客户、核实 1 条联系人”. */
export function useSetWords(): (set: ChangeSet) => string {
  const t = useBinText();
  const label = useLabel();
  const lang = useLang();
  const { objects } = useCatalog();
  return (set) => {
    const parts = countsOf(set).map(({ object, word, n }) =>
      t(word === 'restored' ? 'restored_n' : word, {
        n,
        object: label(objects.find((one) => one.name === object)?.label) || object,
      }),
    );
    if (parts.length === 0) return t('nothing');
    const kind = set.kind === 'merge' || set.kind === 'unmerge' ? t(`is-${set.kind}`) : set.undoes ? t('is-undo') : '';
    return kind + parts.join(lang === 'zh' ? '，' : ', ');
  };
}
