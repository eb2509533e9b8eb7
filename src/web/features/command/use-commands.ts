import { useNavigate } from '@tanstack/react-router';
import { useCatalog, useSession } from '../../api/query.ts';
import { setLang, useLabel, useLang, useText } from '../../i18n/core.ts';
import { PLACES, type Place, SETTINGS } from '../../shell/navigation.tsx';
import { setTheme } from '../../ui/theme.tsx';
import { type Command, spellingsOf } from './palette-model.ts';
import { useCommandText } from './texts.ts';

const ALL: readonly Place[] = [...PLACES, ...SETTINGS];

/** Everything ⌘K can do besides opening records. */
export function useCommands(): { commands: Command[]; run: (id: string) => void } {
  const t = useCommandText();
  const words = useText();
  const label = useLabel();
  const lang = useLang();
  const navigate = useNavigate();
  const { acts } = useSession();
  const objects = useCatalog().objects.filter((object) => !object.retired && object.name !== 'customer');
  const commands: Command[] = [
    ...ALL.filter(({ act }) => !act || acts.includes(act)).map(
      ({ text }): Command => ({ id: text, kind: 'page', title: words(text), words: spellingsOf(text) }),
    ),
    ...objects.map(
      (object): Command => ({
        id: `object:${object.name}`,
        kind: 'page',
        title: label(object.plural ?? object.label),
        words: [object.name, object.label.zh, object.label.en],
      }),
    ),
    { id: 'new-customer', kind: 'action', title: t('new-customer'), words: spellingsOf('new-customer') },
    { id: 'theme-light', kind: 'action', title: words('theme-light'), words: spellingsOf('theme-light') },
    { id: 'theme-dark', kind: 'action', title: words('theme-dark'), words: spellingsOf('theme-dark') },
    { id: 'language', kind: 'action', title: t('language'), words: spellingsOf('language') },
  ];
  const run = (id: string) => {
    const place = ALL.find(({ text }) => text === id);
    if (place) void navigate({ to: place.to });
    else if (id.startsWith('object:'))
      void navigate({ to: '/o/$object', params: { object: id.slice('object:'.length) } });
    else if (id === 'new-customer') void navigate({ to: '/customers', search: { open: 'new' } });
    else if (id === 'theme-light') setTheme('light');
    else if (id === 'theme-dark') setTheme('dark');
    else if (id === 'language') void setLang(lang === 'zh' ? 'en' : 'zh');
  };
  return { commands, run };
}
