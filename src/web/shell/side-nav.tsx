import { RightOutlined } from '@ant-design/icons';
import { Link, useRouterState } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import type { ObjectDef } from '../../domain/schema/types.ts';
import { useCatalog, useSession } from '../api/query.ts';
import { useLabel, useText } from '../i18n/core.ts';
import { LeafMark } from '../ui/leaf.tsx';
import { PLACES, type Place, SETTING_GROUPS, SETTINGS } from './navigation.tsx';
import { ObjectIcon } from './object-icon.tsx';

const ReviewBadge = lazy(async () => ({ default: (await import('../features/review/review-badge.tsx')).ReviewBadge }));
const ApprovalsBadge = lazy(async () => ({
  default: (await import('../features/approvals/approvals-badge.tsx')).ApprovalsBadge,
}));

function PlaceLink({ place }: { place: Place }) {
  const t = useText();
  return (
    <li>
      <Link to={place.to} className="xk-nav-link" activeProps={{ className: 'xk-nav-link xk-nav-active' }}>
        {place.icon}
        <span>{t(place.text)}</span>
        {place.count && (
          <Suspense fallback={null}>{place.count === 'review' ? <ReviewBadge /> : <ApprovalsBadge />}</Suspense>
        )}
      </Link>
    </li>
  );
}

function ObjectLink({ object }: { object: ObjectDef }) {
  const label = useLabel();
  return (
    <li>
      <Link
        to="/o/$object"
        params={{ object: object.name }}
        className="xk-nav-link"
        activeProps={{ className: 'xk-nav-link xk-nav-active' }}
      >
        <ObjectIcon name={object.icon} />
        <span>{label(object.plural ?? object.label)}</span>
      </Link>
    </li>
  );
}

/** Links that are seldom gone to: folded away until one is open, or somebody unfolds them. */
function Folded({ title, to, children }: { title: string; to: string[]; children: ReactNode }) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const here = to.some((one) => path === one || path.startsWith(`${one}/`));
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (here && details.current) details.current.open = true;
  }, [here]);
  if (to.length === 0) return null;
  return (
    <details ref={details} className="xk-nav-folded">
      <summary className="xk-nav-link">
        <RightOutlined />
        <span>{title}</span>
      </summary>
      <ul>{children}</ul>
    </details>
  );
}

/** Objects that stand open; a list that pushes the settings out of sight is no help. One more is not worth a fold. */
const OPEN_OBJECTS = 6;

/** Desktop navigation: places, then every object of the catalog, then settings. */
export function SideNav() {
  const t = useText();
  const { acts } = useSession();
  const objects = useCatalog().objects.filter((object) => !object.retired && object.name !== 'customer');
  const open = objects.length <= OPEN_OBJECTS + 1 ? objects : objects.slice(0, OPEN_OBJECTS);
  const more = objects.slice(open.length);
  return (
    <nav className="xk-side" aria-label={t('main-navigation')}>
      <Link to="/today" className="xk-brand">
        <LeafMark state="fresh" size={22} />
        <span>{t('product')}</span>
      </Link>
      <ul>
        {PLACES.filter((place) => !place.act || acts.includes(place.act)).map((place) => (
          <PlaceLink key={place.to} place={place} />
        ))}
      </ul>
      {objects.length > 0 && (
        <>
          <h2 className="xk-nav-heading">{t('objects')}</h2>
          <ul>
            {open.map((object) => (
              <ObjectLink key={object.name} object={object} />
            ))}
          </ul>
          <Folded title={t('more-objects', { n: more.length })} to={more.map(({ name }) => `/o/${name}`)}>
            {more.map((object) => (
              <ObjectLink key={object.name} object={object} />
            ))}
          </Folded>
        </>
      )}
      <h2 className="xk-nav-heading">{t('settings')}</h2>
      {SETTING_GROUPS.map((group) => {
        const places = SETTINGS.filter((place) => place.group === group && (!place.act || acts.includes(place.act)));
        return (
          <Folded key={group} title={t(`settings-${group}`)} to={places.map(({ to }) => to)}>
            {places.map((place) => (
              <PlaceLink key={place.to} place={place} />
            ))}
          </Folded>
        );
      })}
    </nav>
  );
}
