import { rescue } from '../server/modules/identity/index.ts';
import { DEFAULT_PORT } from '../server/platform/config.ts';
import { print } from './output.ts';
import { WORKSPACE, withSession } from './session.ts';

export interface RescueOptions {
  removeFactors?: boolean;
  json?: boolean;
}

/** `xianke rescue EMAIL`: a link for a new password, for when no administrator can get in. It is noted in the audit log. */
export function runRescue(email: string, options: RescueOptions): Promise<number> {
  return withSession({}, async ({ engine, config, lang, ctx }) => {
    const factors = options.removeFactors ?? false;
    const { account, path, expiresAt } = await rescue(engine.db, email, { factors });
    const { at, actor, source } = await ctx();
    await engine.audit.append(WORKSPACE, {
      ...{ at, actor, source, kind: 'permission' },
      body: { call: 'xianke rescue', account, factors },
    });
    const link = `${config.publicUrl ?? `http://localhost:${config.port ?? DEFAULT_PORT}`}${path}`;
    print(options.json ?? false, { link, expiresAt }, () =>
      lang === 'zh'
        ? `用这个链接设置新密码（24 小时内有效，只能用一次）：\n${link}`
        : `Choose a new password by this link (good for 24 hours, works once):\n${link}`,
    );
    return 0;
  });
}
