import { AppstoreOutlined, RightOutlined } from '@ant-design/icons';
import { Link, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { useCatalog, useSession } from '../api/query.ts';
import { useLabel, useText } from '../i18n/core.ts';
import { LeafMark } from '../ui/leaf.tsx';
import { PLACES, type Place, SETTING_GROUPS, SETTINGS } from './navigation.tsx';

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

/** Places that are seldom gone to: folded away until one is open, or somebody unfolds them. */
function Folded({ title, places }: { title: string; places: Place[] }) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const here = places.some(({ to }) => path === to || path.startsWith(`${to}/`));
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (here && details.current) details.current.open = true;
  }, [here]);
  if (places.length === 0) return null;
  return (
    <details ref={details} className="xk-nav-folded">
      <summary className="xk-nav-link">
        <RightOutlined />
        <span>{title}</span>
      </summary>
      <ul>
        {places.map((place) => (
          <PlaceLink key={place.to} place={place} />
        ))}
      </ul>
    </details>
  );
}

/** Desktop navigation: places, then every object of the catalog, then settings. */
export function SideNav() {
  const t = useText();
  const label = useLabel();
  const { acts } = useSession();
  const objects = useCatalog().objects.filter((object) => !object.retired && object.name !== 'customer');
  return (
    <nav className="xk-side" aria-label={t('main-navigation')}>
      <Link to="/today" className="xk-brand">
        <LeafMark state="fresh" size={22} />
        <span>{t('product')}</span>
      </Link>
      <ul>
        {PLACES.map((place) => (
          <PlaceLink key={place.to} place={place} />
        ))}
      </ul>
      {objects.length > 0 && (
        <>
          <h2 className="xk-nav-heading">{t('objects')}</h2>
          <ul>
            {objects.map((object) => (
              <li key={object.name}>
                <Link
                  to="/o/$object"
                  params={{ object: object.name }}
                  className="xk-nav-link"
                  activeProps={{ className: 'xk-nav-link xk-nav-active' }}
                >
                  <AppstoreOutlined />
                  <span>{label(object.plural ?? object.label)}</span>
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      <h2 className="xk-nav-heading">{t('settings')}</h2>
      {SETTING_GROUPS.map((group) => (
        <Folded
          key={group}
          title={t(`settings-${group}`)}
          places={SETTINGS.filter((place) => place.group === group && (!place.act || acts.includes(place.act)))}
        />
      ))}
    </nav>
  );
}
