import { appErrors } from './app-errors.ts';
import { campaignErrors } from './campaign-errors.ts';
import { formErrors } from './form-errors.ts';
import { poolErrors } from './pool-errors.ts';
import { rollupErrors } from './rollup-errors.ts';
import { serviceErrors } from './service-errors.ts';
import { tagErrors } from './tag-errors.ts';
import { tradeErrors } from './trade-errors.ts';

/** Errors of features, each listed beside its contract. */
export const featureErrors = {
  ...appErrors,
  ...campaignErrors,
  ...formErrors,
  ...poolErrors,
  ...rollupErrors,
  ...serviceErrors,
  ...tagErrors,
  ...tradeErrors,
};
