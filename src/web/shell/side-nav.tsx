import { AppstoreOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useCatalog, useSession } from '../api/query.ts';
import { useLabel, useText } from '../i18n/core.ts';
import { LeafMark } from '../ui/leaf.tsx';
import { PLACES, type Place, SETTINGS } from './navigation.tsx';

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
      <ul>
        {SETTINGS.filter((place) => !place.act || acts.includes(place.act)).map((place) => (
          <PlaceLink key={place.to} place={place} />
        ))}
      </ul>
    </nav>
  );
}
