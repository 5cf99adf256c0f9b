/** The tasks of the `motlan` command, each with a line that says what it is for. Loaded when called for. */
import type { TaskOutput } from './task-surroundings.ts';

export interface Task {
  /** Whole usage, as printed. */
  readonly usage: string;
  /** Takes the arguments behind the task's name. @returns the exit status: 0 well, 1 not well, 2 wrong use. */
  run(args: readonly string[], output: TaskOutput): Promise<number>;
}

export interface TaskEntry {
  readonly summary: string;
  readonly load: () => Promise<Task>;
}

export const TASKS: Readonly<Record<string, TaskEntry>> = {
  sign: {
    summary: 'sign PDF files with a key of your own',
    load: async () => {
      const { SIGN_USAGE, signCommand } = await import('./signing/sign-command.ts');
      return { usage: SIGN_USAGE, run: signCommand };
    },
  },
  upgrade: {
    summary: 'add timestamps and revocation data to signed PDF files',
    load: async () => {
      const { UPGRADE_USAGE, upgradeCommand } = await import('./signing/upgrade-command.ts');
      return { usage: UPGRADE_USAGE, run: upgradeCommand };
    },
  },
  agent: {
    summary: 'lend the token in this PC to pages of the vault',
    load: async () => {
      const { AGENT_USAGE, agentCommand } = await import('./signing/agent-command.ts');
      return { usage: AGENT_USAGE, run: (args, output) => agentCommand(args, output) };
    },
  },
  verify: {
    summary: 'is this file sealed, by whom, and unchanged?',
    load: async () => {
      const { VERIFY_USAGE, verifyCommand } = await import('./verification/verify-command.ts');
      return { usage: VERIFY_USAGE, run: verifyCommand };
    },
  },
  fsck: {
    summary: 'holds rows, objects and log against each other',
    load: async () => {
      const { FSCK_USAGE, fsckTask } = await import('./fsck-task.ts');
      return { usage: FSCK_USAGE, run: fsckTask };
    },
  },
  backup: {
    summary: 'writes rows, objects, log and keys into a folder',
    load: async () => {
      const { BACKUP_USAGE, backupTask } = await import('./backup-task.ts');
      return { usage: BACKUP_USAGE, run: backupTask };
    },
  },
  restore: {
    summary: 'puts a backup into an empty place and examines it',
    load: async () => {
      const { RESTORE_USAGE, restoreTask } = await import('./backup-task.ts');
      return { usage: RESTORE_USAGE, run: restoreTask };
    },
  },
  catalogue: {
    summary: 'imports agencies, document types and procedures',
    load: async () => {
      const { catalogueUsage } = await import('./catalogue/catalogue-command.ts');
      const { catalogueTask } = await import('./catalogue-task.ts');
      return { usage: `Usage: ${catalogueUsage.trimEnd()}`, run: catalogueTask };
    },
  },
  campaign: {
    summary: 'imports an archive of scans; goes on where it was killed',
    load: async () => {
      const { CAMPAIGN_USAGE, campaignTask } = await import('./campaign-task.ts');
      return { usage: CAMPAIGN_USAGE, run: campaignTask };
    },
  },
  keygen: {
    summary: 'makes keys: log, witness, master, client, signer',
    load: async () => {
      const { KEYGEN_USAGE, keygenTask } = await import('./keygen-task.ts');
      return { usage: KEYGEN_USAGE, run: keygenTask };
    },
  },
  keys: {
    summary: 'puts the keys of objects under the newest master key',
    load: async () => {
      const { KEYS_USAGE, keysTask } = await import('./keys-task.ts');
      return { usage: KEYS_USAGE, run: keysTask };
    },
  },
  identity: {
    summary: 'the first operator; keys of the authorisation server',
    load: async () => {
      const { identityUsage } = await import('./identity/identity-command.ts');
      const { identityTask } = await import('./identity-task.ts');
      return { usage: `Usage:\n${identityUsage.trimEnd()}`, run: identityTask };
    },
  },
  log: {
    summary: 'checks proofs, audits a published log',
    load: async () => {
      const { LOG_USAGE } = await import('./ledger/log-command.ts');
      const { logTask } = await import('./log-task.ts');
      return { usage: LOG_USAGE, run: logTask };
    },
  },
  witness: {
    summary: 'watches logs and cosigns their checkpoints',
    load: async () => {
      const { WITNESS_USAGE, witnessCommand } = await import('./ledger/witness-command.ts');
      return { usage: WITNESS_USAGE, run: witnessCommand };
    },
  },
};

const INTRODUCTION = `motlan TASK …   (npm run vault -- TASK …)

Exit status: 0 all is well, 1 it is not, 2 wrong use. Settings come from the environment and .env.`;

/** `motlan help [TASK]`: every task with its usage, or one. */
export async function helpTask(args: readonly string[], output: TaskOutput): Promise<number> {
  const wanted = args.length > 0 ? args : Object.keys(TASKS);
  if (args.length === 0) output.out(INTRODUCTION);
  for (const name of wanted) {
    const entry = Object.hasOwn(TASKS, name) ? TASKS[name] : undefined;
    if (entry === undefined) {
      output.err(unknownTask(name));
      return 2;
    }
    output.out(`\n${name}: ${entry.summary}`);
    output.out((await entry.load()).usage);
  }
  return 0;
}

export const unknownTask = (name: string): string =>
  `${name === '' ? 'No task was given.' : `There is no task "${name}".`}\nTasks: help, ${Object.keys(TASKS).join(', ')}`;
