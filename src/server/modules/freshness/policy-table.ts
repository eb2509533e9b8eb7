import type { Policy } from '../../../domain/freshness/policy.ts';
import { PRIORITY_THRESHOLD, priorOfField } from '../../../domain/freshness/priors.ts';
import type { Catalog } from '../../../domain/schema/types.ts';

/** A rule without what the server told the page about it: a rate with a source was assumed or learned and goes on being so; one without was set by hand. */
export function statedPart({ rate, rateSource, ...policy }: Policy): Policy {
  return rate === undefined || rateSource !== undefined ? policy : { ...policy, rate };
}

/** All rules as they work: the stated ones, and for every other tracked field the prior that stands in. */
export function effectivePolicies(catalog: Catalog, stated: readonly Policy[]): Policy[] {
  const general = new Set(
    stated.filter((policy) => !policy.segment).map((policy) => `${policy.object}.${policy.field}`),
  );
  const priors = catalog.objects.flatMap((object) =>
    object.fields
      .filter((field) => field.tracked && !field.retired && !general.has(`${object.name}.${field.name}`))
      .map((field): Policy => {
        const priority = field.priority ?? 'middle';
        const prior = priorOfField(field);
        return {
          object: object.name,
          field: field.name,
          priority,
          threshold: PRIORITY_THRESHOLD[priority],
          rate: prior.rate,
          rateSource: prior.source,
        };
      }),
  );
  const known = stated.map((policy) => {
    const field = catalog.objects
      .find((object) => object.name === policy.object)
      ?.fields.find((candidate) => candidate.name === policy.field);
    if (!field || policy.rate !== undefined) return policy;
    const prior = priorOfField(field);
    return { ...policy, rate: prior.rate, rateSource: prior.source };
  });
  return [...known, ...priors];
}
