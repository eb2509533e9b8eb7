import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { queryClient, sessionQuery } from './api/query.ts';
import {
  approvalsSearch,
  askedSearch,
  campaignSearch,
  campaignsSearch,
  checksSearch,
  duplicatesSearch,
  evaluationSearch,
  fieldsSearch,
  formsSearch,
  healthSearch,
  ownPath,
  parseSearch,
  recordSearch,
  reviewSearch,
  setupSearch,
  signInSearch,
  stringifySearch,
  tableSearch,
} from './route-search.ts';
import { AppShell } from './shell/app-shell.tsx';
import { NotFound } from './shell/not-found.tsx';
import { signedIn } from './signed-in.ts';
import { Failure } from './ui/error-boundary.tsx';
import { Page, Skeleton } from './ui/page.tsx';

// The site as one map. Every screen is its own chunk in screens/, where features meet.

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

// ── before signing in ───────────────────────────────────────────────────────────────────────────────────────────

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: setupSearch,
  component: lazyRouteComponent(() => import('./screens/setup.tsx'), 'SetupScreen'),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('./screens/sign-in.tsx'), 'SignInScreen'),
});

const linkScreen = lazyRouteComponent(() => import('./screens/link.tsx'), 'LinkScreen');
const invite = createRoute({ getParentRoute: () => root, path: '/invite', component: linkScreen });
const reset = createRoute({ getParentRoute: () => root, path: '/reset', component: linkScreen });

const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/second-factor',
  validateSearch: (search: Record<string, unknown>) => ownPath(search.to),
  beforeLoad: () => queryClient.ensureQueryData(sessionQuery),
  component: lazyRouteComponent(() => import('./screens/second-factor.tsx'), 'SecondFactorScreen'),
});

// ── signed in: session and catalog are there before any screen renders ──────────────────────────────────────────

const app = createRoute({ getParentRoute: () => root, id: 'app', component: AppShell, ...signedIn });

/** A screen behind the sign-in whose address is all there is to say of it. */
const screen = <Path extends string>(path: Path, component: ReturnType<typeof lazyRouteComponent>) =>
  createRoute({ getParentRoute: () => app, path, component });

/** A sheet to print stands alone. */
const formPoster = createRoute({
  getParentRoute: () => root,
  path: '/forms/$id/poster',
  ...signedIn,
  component: lazyRouteComponent(() => import('./screens/form-poster.tsx'), 'FormPosterScreen'),
});

/** Apps send people here to ask; what the parameters mean is the server's to say. */
const authorize = createRoute({
  getParentRoute: () => root,
  path: '/oauth/authorize',
  ...signedIn,
  validateSearch: askedSearch,
  component: lazyRouteComponent(() => import('./screens/authorize.tsx'), 'AuthorizeScreen'),
});

const home = createRoute({
  getParentRoute: () => app,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/today' });
  },
});

const today = screen(
  '/today',
  lazyRouteComponent(() => import('./screens/today.tsx'), 'TodayScreen'),
);

const tableScreen = lazyRouteComponent(() => import('./screens/table.tsx'), 'TableScreen');
const recordScreen = lazyRouteComponent(() => import('./screens/record.tsx'), 'RecordScreen');

const customers = createRoute({
  getParentRoute: () => app,
  path: '/customers',
  validateSearch: tableSearch,
  component: tableScreen,
});

const objectTable = createRoute({
  getParentRoute: () => app,
  path: '/o/$object',
  validateSearch: tableSearch,
  component: tableScreen,
});

const customer = createRoute({
  getParentRoute: () => app,
  path: '/customers/$id',
  validateSearch: recordSearch,
  component: recordScreen,
});

const record = createRoute({
  getParentRoute: () => app,
  path: '/o/$object/$id',
  validateSearch: recordSearch,
  component: recordScreen,
});

const health = createRoute({
  getParentRoute: () => app,
  path: '/health',
  validateSearch: healthSearch,
  component: lazyRouteComponent(() => import('./screens/health.tsx'), 'HealthScreen'),
});

const insight = screen(
  '/insight',
  lazyRouteComponent(() => import('./screens/insight.tsx'), 'InsightScreen'),
);
const report = screen(
  '/insight/$id',
  lazyRouteComponent(() => import('./screens/report.tsx'), 'ReportScreen'),
);

const duplicates = createRoute({
  getParentRoute: () => app,
  path: '/duplicates',
  validateSearch: duplicatesSearch,
  component: lazyRouteComponent(() => import('./screens/duplicates.tsx'), 'DuplicatesScreen'),
});

const review = createRoute({
  getParentRoute: () => app,
  path: '/review',
  validateSearch: reviewSearch,
  component: lazyRouteComponent(() => import('./screens/review.tsx'), 'ReviewScreen'),
});

const approvals = createRoute({
  getParentRoute: () => app,
  path: '/approvals',
  validateSearch: approvalsSearch,
  component: lazyRouteComponent(() => import('./screens/approvals.tsx'), 'ApprovalsScreen'),
});

const imports = screen(
  '/import',
  lazyRouteComponent(() => import('./screens/import.tsx'), 'ImportScreen'),
);
const oneImport = screen(
  '/import/$id',
  lazyRouteComponent(() => import('./screens/import.tsx'), 'ImportScreen'),
);
const bin = screen(
  '/bin',
  lazyRouteComponent(() => import('./screens/bin.tsx'), 'BinScreen'),
);

const settings = createRoute({
  getParentRoute: () => app,
  path: '/settings',
  beforeLoad: () => {
    throw redirect({ to: '/settings/fields' });
  },
});

const settingsFields = createRoute({
  getParentRoute: () => app,
  path: '/settings/fields',
  validateSearch: fieldsSearch,
  component: lazyRouteComponent(() => import('./screens/settings-fields.tsx'), 'SettingsFieldsScreen'),
});
const policies = screen(
  '/policies',
  lazyRouteComponent(() => import('./screens/policies.tsx'), 'PoliciesScreen'),
);
const evaluation = createRoute({
  getParentRoute: () => app,
  path: '/evaluation',
  validateSearch: evaluationSearch,
  component: lazyRouteComponent(() => import('./screens/evaluation.tsx'), 'EvaluationScreen'),
});
const sales = screen(
  '/sales',
  lazyRouteComponent(() => import('./screens/sales.tsx'), 'SalesScreen'),
);
const value = screen(
  '/value',
  lazyRouteComponent(() => import('./screens/value.tsx'), 'ValueScreen'),
);
const settingsTrades = screen(
  '/settings/trades',
  lazyRouteComponent(() => import('./screens/settings-trades.tsx'), 'SettingsTradesScreen'),
);
const settingsTags = screen(
  '/settings/tags',
  lazyRouteComponent(() => import('./screens/settings-tags.tsx'), 'SettingsTagsScreen'),
);
const campaigns = createRoute({
  getParentRoute: () => app,
  path: '/campaigns',
  validateSearch: campaignsSearch,
  component: lazyRouteComponent(() => import('./screens/campaigns.tsx'), 'CampaignsScreen'),
});
const campaign = createRoute({
  getParentRoute: () => app,
  path: '/campaigns/$id',
  validateSearch: campaignSearch,
  component: lazyRouteComponent(() => import('./screens/campaign.tsx'), 'CampaignScreen'),
});

const checks = createRoute({
  getParentRoute: () => app,
  path: '/checks',
  validateSearch: checksSearch,
  component: lazyRouteComponent(() => import('./screens/checks.tsx'), 'ChecksScreen'),
});

const forms = createRoute({
  getParentRoute: () => app,
  path: '/forms',
  validateSearch: formsSearch,
  component: lazyRouteComponent(() => import('./screens/forms.tsx'), 'FormsScreen'),
});
const form = screen(
  '/forms/$id',
  lazyRouteComponent(() => import('./screens/form.tsx'), 'FormScreen'),
);
const asks = screen(
  '/asks',
  lazyRouteComponent(() => import('./screens/asks.tsx'), 'AsksScreen'),
);
const settingsNotify = screen(
  '/settings/notify',
  lazyRouteComponent(() => import('./screens/settings-notify.tsx'), 'SettingsNotifyScreen'),
);
const settingsEvidence = screen(
  '/settings/evidence',
  lazyRouteComponent(() => import('./screens/settings-evidence.tsx'), 'SettingsEvidenceScreen'),
);
const settingsAccount = screen(
  '/settings/account',
  lazyRouteComponent(() => import('./screens/settings-account.tsx'), 'SettingsAccountScreen'),
);
const settingsAccess = screen(
  '/settings/access',
  lazyRouteComponent(() => import('./screens/settings-access.tsx'), 'SettingsAccessScreen'),
);
const settingsDepartments = screen(
  '/settings/departments',
  lazyRouteComponent(() => import('./screens/settings-departments.tsx'), 'SettingsDepartmentsScreen'),
);

/** `record`: only what touched that record. */
const settingsAudit = createRoute({
  getParentRoute: () => app,
  path: '/settings/audit',
  validateSearch: (search: Record<string, unknown>): { record?: string } =>
    typeof search.record === 'string' ? { record: search.record } : {},
  component: lazyRouteComponent(() => import('./screens/settings-audit.tsx'), 'SettingsAuditScreen'),
});
const settingsEncryption = screen(
  '/settings/encryption',
  lazyRouteComponent(() => import('./screens/settings-encryption.tsx'), 'SettingsEncryptionScreen'),
);
const settingsApps = screen(
  '/settings/apps',
  lazyRouteComponent(() => import('./screens/settings-apps.tsx'), 'SettingsAppsScreen'),
);

const settingsPrivacy = createRoute({
  getParentRoute: () => app,
  path: '/settings/privacy',
  validateSearch: ({ tab }: Record<string, unknown>): { tab?: string } => (typeof tab === 'string' ? { tab } : {}),
  component: lazyRouteComponent(() => import('./screens/settings-privacy.tsx'), 'SettingsPrivacyScreen'),
});
const settingsExports = screen(
  '/settings/exports',
  lazyRouteComponent(() => import('./screens/settings-exports.tsx'), 'SettingsExportsScreen'),
);
const people = screen(
  '/people',
  lazyRouteComponent(() => import('./screens/people.tsx'), 'PeopleScreen'),
);
const settingsService = screen(
  '/settings/service',
  lazyRouteComponent(() => import('./screens/settings-service.tsx'), 'SettingsServiceScreen'),
);
const pool = screen(
  '/pool',
  lazyRouteComponent(() => import('./screens/pool.tsx'), 'PoolScreen'),
);
const settingsRules = screen(
  '/settings/rules',
  lazyRouteComponent(() => import('./screens/settings-rules.tsx'), 'SettingsRulesScreen'),
);

export const router = createRouter({
  routeTree: root.addChildren([
    setup,
    signIn,
    authorize,
    formPoster,
    invite,
    reset,
    secondFactor,
    app.addChildren([
      home,
      today,
      customers,
      customer,
      objectTable,
      record,
      health,
      insight,
      report,
      review,
      approvals,
      duplicates,
      imports,
      oneImport,
      bin,
      settings,
      settingsFields,
      sales,
      value,
      pool,
      settingsService,
      policies,
      evaluation,
      checks,
      people,
      asks,
      campaigns,
      campaign,
      forms,
      form,
      settingsNotify,
      settingsEvidence,
      settingsAudit,
      settingsExports,
      settingsRules,
      settingsTags,
      settingsTrades,
      settingsAccount,
      settingsPrivacy,
      settingsAccess,
      settingsDepartments,
      settingsEncryption,
      settingsApps,
    ]),
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPendingMs: 120,
  defaultPendingMinMs: 0,
  defaultPendingComponent: () => (
    <Page>
      <Skeleton title lines={8} />
    </Page>
  ),
  defaultErrorComponent: ({ error, reset }) => <Failure error={error} onRetry={reset} />,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
