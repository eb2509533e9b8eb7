import { type Policy, segmentKey } from '../../../domain/freshness/policy.ts';
import { PRIORITY_THRESHOLD, priorOfField } from '../../../domain/freshness/priors.ts';
import type { Catalog, FieldDef } from '../../../domain/schema/types.ts';
import type { FittedRate } from './rate-store.ts';

/** A rule without what the server told the page about it: a rate with a source was assumed or learned and goes on being so; one without was set by hand. */
export function statedPart({ rate, rateSource, ...policy }: Policy): Policy {
  return rate === undefined || rateSource !== undefined ? policy : { ...policy, rate };
}

/** All rules as they work: the stated ones, and for every other tracked field what stands in; each with the rate in force and where it is from. */
export function effectivePolicies(catalog: Catalog, stated: readonly Policy[], fits: readonly FittedRate[]): Policy[] {
  const general = new Set(
    stated.filter((policy) => !policy.segment).map((policy) => `${policy.object}.${policy.field}`),
  );
  const standIns = catalog.objects.flatMap((object) =>
    object.fields
      .filter((field) => field.tracked && !field.retired && !general.has(`${object.name}.${field.name}`))
      .map((field): Policy => {
        const priority = field.priority ?? 'middle';
        const threshold = PRIORITY_THRESHOLD[priority];
        return { object: object.name, field: field.name, priority, threshold, ...rateOf(field, '', fits) };
      }),
  );
  const known = stated.map((policy) => {
    const field = catalog.objects
      .find((object) => object.name === policy.object)
      ?.fields.find((candidate) => candidate.name === policy.field);
    if (!field || policy.rate !== undefined) return policy;
    return { ...policy, ...rateOf(field, policy.segment ? segmentKey(policy.segment.filter) : '', fits) };
  });
  return [...known, ...standIns];
}

function rateOf(field: FieldDef, segment: string, fits: readonly FittedRate[]): { rate: number; rateSource: string } {
  const mine = fits.filter((fit) => fit.field === field.id);
  const fit = mine.find((one) => one.segment === segment) ?? mine.find((one) => one.segment === '');
  if (fit) return { rate: fit.rate, rateSource: 'learned' };
  const prior = priorOfField(field);
  return { rate: prior.rate, rateSource: prior.source };
}
