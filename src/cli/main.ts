interface Command {
  summary: { zh: string; en: string };
  /** Loads the command only when it is used; returns the exit code. */
  run(args: string[]): Promise<number>;
}

const commands: Record<string, Command> = {
  start: {
    summary: { zh: '启动服务器', en: 'start the server' },
    // bin/xianke.mjs starts it before this is asked.
    run: async () => 0,
  },
  check: {
    summary: { zh: '按导入规则读取文件并报告结果', en: 'read a file as an import would, and report' },
    run: async (args) => (await import('./check.ts')).runCheck(args),
  },
  dedupe: {
    summary: { zh: '找出 CSV 文件中的重复记录', en: 'find duplicates in a CSV file' },
    run: async (args) => (await import('./dedupe.ts')).runDedupe(args),
  },
};

/** Runs `xianke NAME ARGS…`; returns the exit code. */
export async function runCommand([name = 'help', ...args]: string[]): Promise<number> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return command.run(args);
  const known = Object.entries(commands).map(
    ([key, { summary }]) => `  xianke ${key.padEnd(8)} ${summary.zh} · ${summary.en}`,
  );
  process.stdout.write(`${known.join('\n')}\n`);
  return name === 'help' || name === '--help' || name === '-h' ? 0 : 2;
}
