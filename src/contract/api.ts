import { access } from './access.ts';
import { advice } from './advice.ts';
import { approvals } from './approvals.ts';
import { apps } from './apps.ts';
import { asking } from './asking.ts';
import { audit } from './audit.ts';
import { automation } from './automation.ts';
import { campaigns } from './campaigns.ts';
import { catalog } from './catalog.ts';
import { checks } from './checks.ts';
import { duplicates } from './duplicates.ts';
import { encryption } from './encryption.ts';
import { evaluation } from './evaluation.ts';
import { events } from './events.ts';
import { evidence } from './evidence.ts';
import { exports } from './exports.ts';
import { forms } from './forms.ts';
import { freshness } from './freshness.ts';
import { greetings } from './greetings.ts';
import { identity } from './identity.ts';
import { imports } from './imports.ts';
import { insight } from './insight.ts';
import { mass } from './mass.ts';
import { ownership } from './ownership.ts';
import { pool } from './pool.ts';
import { privacy } from './privacy.ts';
import { proposals } from './proposals.ts';
import { records } from './records.ts';
import { channels, reminders } from './reminders.ts';
import { retention } from './retention.ts';
import { review } from './review.ts';
import { sales } from './sales.ts';
import { scans } from './scans.ts';
import { service } from './service.ts';
import { session } from './session.ts';
import { subjects } from './subjects.ts';
import { tagging } from './tagging.ts';
import { team } from './team.ts';
import { trades } from './trades.ts';
import { value } from './value.ts';

/** Every endpoint of the product, by group. */
export const api = {
  session,
  identity,
  access,
  apps,
  approvals,
  audit,
  automation,
  team,
  catalog,
  records,
  forms,
  freshness,
  advice,
  checks,
  encryption,
  evaluation,
  evidence,
  exports,
  imports,
  mass,
  sales,
  service,
  scans,
  insight,
  events,
  asking,
  greetings,
  campaigns,
  privacy,
  retention,
  subjects,
  ownership,
  pool,
  proposals,
  review,
  duplicates,
  reminders,
  channels,
  tagging,
  value,
  trades,
};
