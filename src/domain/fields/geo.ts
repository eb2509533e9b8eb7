import { narrow } from '../text/width.ts';
import { bad, excerpt, good, NOTHING, rawText, warning } from './outcome.ts';
import type { FieldType } from './types.ts';

/** {lat, lng} in degrees, six decimals (0.1 m). Texts are `latitude,longitude`. */
export const geo: FieldType = {
  name: 'geo',
  label: { zh: '地理位置', en: 'Location' },
  kind: 'json',
  column: 'jsonb',
  parse(raw) {
    const [first, second] = coordinates(raw);
    if (first === undefined) return bad('geo-form', { value: excerpt(raw) });
    if (first === null) return NOTHING;
    if (second === undefined) return bad('geo-form', { value: excerpt(raw) });
    // China's longitudes (73–135) can't be latitudes beyond 90: then the order is certain.
    const swapped = Math.abs(first) > 90 && Math.abs(second) <= 90;
    const lat = swapped ? second : first;
    const lng = swapped ? first : second;
    if (Math.abs(lat) > 90 || Math.abs(lng) > 180) return bad('geo-form', { value: excerpt(raw) });
    return good({ lat: six(lat), lng: six(lng) }, swapped ? warning('geo-swapped') : null);
  },
  format(value) {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return '';
    return `${value.lat},${value.lng}`;
  },
};

const six = (degrees: number): number => Number(degrees.toFixed(6)) + 0;

/** [null] for blank, [] for unreadable. */
function coordinates(raw: unknown): (number | null | undefined)[] & { 1?: number } {
  if (raw !== null && typeof raw === 'object' && !Array.isArray(raw)) {
    const { lat, lng } = raw as { lat?: unknown; lng?: unknown };
    return typeof lat === 'number' && typeof lng === 'number' && Number.isFinite(lat + lng) ? [lat, lng] : [];
  }
  const text = Array.isArray(raw) ? raw.map((part) => rawText(part) ?? '?').join(',') : rawText(raw);
  if (text === undefined) return [];
  const clean = narrow(text);
  if (clean === '') return [null];
  const match = /^([+-]?\d{1,3}(?:\.\d+)?)°?\s*[,，\s]\s*([+-]?\d{1,3}(?:\.\d+)?)°?$/.exec(clean);
  return match ? [Number(match[1]), Number(match[2])] : [];
}
