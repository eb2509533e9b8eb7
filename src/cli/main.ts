import { Command, CommanderError, Option } from 'commander';
import { AppError } from '../contract/errors.ts';
import { StartError } from '../server/platform/start-error.ts';
import { languageOf } from './session.ts';

/** Runs `xianke NAME ARGS…`; returns the exit code. Each command loads its code only when it is used. */
export async function runCommand(args: string[]): Promise<number> {
  // These read their own arguments and promise what their last line is: nothing may come between.
  if (args[0] === 'check') return (await import('./check.ts')).runCheck(args.slice(1));
  if (args[0] === 'dedupe') return (await import('./dedupe.ts')).runDedupe(args.slice(1));
  let code = 0;
  const program = declare((result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return say(error, args.includes('--json'));
  }
}

function say(error: unknown, json: boolean): number {
  const lang = languageOf(process.env);
  const known =
    error instanceof AppError
      ? { code: error.code, message: error.toProblem(lang).message, issues: error.issues }
      : error instanceof StartError
        ? { code: 'start', message: error.sentence[lang] }
        : null;
  if (!known) {
    // Not the source line that Node would print: a bundle's lines are a page long.
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return 70;
  }
  process.stderr.write(`${json ? JSON.stringify({ error: known.code, message: known.message }) : known.message}\n`);
  return 1;
}

function declare(done: (code: number) => void): Command {
  const program = new Command('xianke')
    .description('鲜客：自己保鲜的客户信息系统 · Xianke, the customer system that keeps itself fresh')
    .exitOverride()
    .showHelpAfterError();
  const add = (usage: string, description: string) =>
    program.command(usage).description(description).option('--json', '输出 JSON · print JSON').exitOverride();

  program.command('start').description('启动服务器 · start the server');
  program
    .command('check FILE')
    .description('按导入规则读取文件，不需要数据库 · read a file as an import would, without a database');
  program.command('dedupe FILE').description('找出 CSV 文件中的重复记录 · find duplicates in a CSV file');

  add('init', '创建第一个账号和工作区 · make the first account and its workspace')
    .requiredOption('--name <name>', '姓名 · name')
    .requiredOption('--email <email>', '邮箱 · mail address')
    .addOption(new Option('--password <password>', '密码 · password').env('XIANKE_PASSWORD').makeOptionMandatory())
    .option('--company <company>', '公司 · company')
    .action(async (options) => done(await (await import('./init.ts')).runInit(options)));

  add(
    'rescue EMAIL',
    '进不来的管理员：生成重设密码链接 · for an administrator who can’t get in: a link for a new password',
  )
    .option('--remove-factors', '同时移除两步验证 · and without second factors')
    .action(async (email, options) => done(await (await import('./rescue.ts')).runRescue(email, options)));

  add('demo', '装入可信的示例数据 · load believable sandbox data')
    .option('--customers <n>', '客户数 · number of customers', '2000')
    .option('--seed <n>', '随机种子 · seed', '1')
    .action(async (options) => done(await (await import('./demo.ts')).runDemo(options)));

  add('import FILE', '导入文件 · import a file')
    .option('--object <name>', '对象 · object', 'customer')
    .option('--match <fields>', '识别已有记录的字段，逗号分隔 · fields that recognise existing records')
    .addOption(
      new Option('--mode <mode>', '已有记录如何处理 · what to do with known records').choices([
        'update',
        'fill',
        'skip',
        'create',
      ]),
    )
    .option('--dry-run', '只预览 · preview only')
    .addOption(
      new Option(
        '--conflicts <side>',
        '导出后改回的表格与系统都改过的单元格以谁为准 · who wins where both sides changed',
      )
        .choices(['system', 'file'])
        .default('system'),
    )
    .action(async (file, options) => done(await (await import('./import.ts')).runImport(file, options)));

  add('export OBJECT FILE', '导出为 .xlsx .csv .json · export')
    .option('--filter <json>', '筛选 · filter')
    .option('--asof <when>', '截至某时 · as of a moment')
    .option('--for-editing', '便于在 Excel 中修改后导回（.xlsx） · to be edited in Excel and imported again')
    .action(async (object, file, options) =>
      done(await (await import('./write-commands.ts')).runExport(object, file, options)),
    );

  add('health', '健康报告 · health report')
    .option('--object <name>', '对象 · object', 'customer')
    .action(async (options) => done(await (await import('./read-commands.ts')).runHealth(options)));

  add('due', '今日清单 · today’s list')
    .option('--owner <person>', '负责人姓名、邮箱或编号 · name, mail or id')
    .option('--limit <n>', '条数 · entries', '20')
    .action(async (options) => done(await (await import('./read-commands.ts')).runDue(options)));

  add('verify OBJECT ID FIELDS...', '确认这些值仍然正确 · these values are still right')
    .addOption(
      new Option('--method <method>', '怎样确认的 · how').choices([
        'phone',
        'visit',
        'mail',
        'customer',
        'registry',
        'document',
        'other',
      ]),
    )
    .action(async (object, id, fields, options) =>
      done(await (await import('./write-commands.ts')).runVerify(object, id, fields, options)),
    );

  add('search TEXT', '搜索：片段、拼音、首字母、电话号段 · search')
    .option('--limit <n>', '条数 · hits', '20')
    .action(async (text, options) => done(await (await import('./read-commands.ts')).runSearch(text, options)));

  add('undo CHANGE_SET', '撤销一次操作 · undo a change set').action(async (id, options) =>
    done(await (await import('./write-commands.ts')).runUndo(id, options)),
  );

  add('asof WHEN OBJECT', '查看某一时刻的数据 · records as they were at a moment')
    .option('--limit <n>', '条数 · rows', '50')
    .option('--filter <json>', '筛选 · filter')
    .action(async (when, object, options) =>
      done(await (await import('./read-commands.ts')).runAsOf(when, object, options)),
    );

  const backup = add(
    'backup',
    '备份全部数据（加密），服务器不用停 · back everything up, sealed; the server goes on running',
  )
    .option('--to <dir>', '放到哪个目录 · directory')
    .option('--keep <n>', '只保留最近几份 · keep the newest only')
    .action(async (options) => {
      if (options.to === undefined) backup.error('--to DIR?');
      done(await (await import('./backup.ts')).runBackup(options));
    });
  backup
    .command('verify FILE')
    .description('读一遍备份，核对是否完好 · read a backup to its end and check it')
    .exitOverride()
    .option('--json', '输出 JSON · print JSON')
    .action(async (file, options) => done(await (await import('./backup.ts')).runBackupVerify(file, options)));

  add('restore FILE', '恢复到空的数据目录（DATA_DIR=新目录） · restore into an empty data directory')
    .option('--keys-file <file>', '密钥文件，默认在备份旁边 · file of keys, beside the backup unless said')
    .option('--without-keys', '没有密钥文件也恢复 · restore without it')
    .action(async (file, options) => done(await (await import('./backup.ts')).runRestore(file, options)));

  const keys = program.command('keys').description('加密字段的主密钥 · master keys of encrypted fields').exitOverride();
  const addKeys = (usage: string, description: string) =>
    keys.command(usage).description(description).option('--json', '输出 JSON · print JSON').exitOverride();

  addKeys('status', '哪个密钥在用、从何时起、有多少值、轮换到哪里 · which key, since when, how many values').action(
    async (options) => done(await (await import('./keys.ts')).runKeysStatus(options)),
  );

  addKeys('rotate', '换一个主密钥；中断后再次运行会接着做 · a new master key takes over; run again to go on').action(
    async (options) => done(await (await import('./keys.ts')).runKeysRotate(options)),
  );

  addKeys('forget ID', '销毁不再需要的主密钥 · destroy a master key that nothing needs any more').action(
    async (id, options) => done(await (await import('./keys.ts')).runKeysForget(id, options)),
  );

  const audit = program.command('audit').description('审计日志 · the audit log').exitOverride();
  const addAudit = (usage: string, description: string) =>
    audit.command(usage).description(description).option('--json', '输出 JSON · print JSON').exitOverride();

  addAudit(
    'verify FILE',
    '验证导出的日志或一条记录的证明（不用数据库） · verify an exported log or a proof, without a database',
  )
    .requiredOption('--key <key>', '公钥或存有公钥的文件 · public key, or a file that holds it')
    .option('--head <files...>', '从前留下的树头 · heads that were given out earlier')
    .action(async (file, options) => done(await (await import('./audit-verify.ts')).runAuditVerify(file, options)));

  addAudit('export FILE', '导出整份日志 · export the whole log')
    .option('--private', '连同隐私部分 · with the private parts')
    .action(async (file, options) => done(await (await import('./audit-export.ts')).runAuditExport(file, options)));

  addAudit('key', '显示公钥 · show the public key').action(async (options) =>
    done(await (await import('./audit-export.ts')).runAuditKey(options)),
  );

  return program;
}
