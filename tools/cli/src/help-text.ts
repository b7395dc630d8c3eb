/** What `./kkm help` prints. Only what works in this release is listed. */
export const helpText = `./kkm <command>

  demo      start everything, take card and SBP QR payments through every service, print each step, leave nothing running
  up        start the system and keep it running until Ctrl-C; --detach: in the background
  down      stop it
  status    what runs, where, since how many restarts; --json for scripts
  test      all tests; or only some kinds: ./kkm test unit int sim model e2e browser …; after "--" words for Jest
  check     format, lint, boundaries, types, dead code, commit messages
  bench     the benchmarks, as ratios against a reference pipeline in the same run
  chaos     take payments while services are killed and links cut, then account for every payment;
            --minutes N (3), --seed S (drawn): a report in .kkm/chaos/<seed>
  backup    [FOLDER]  a backup of the running system: its database, and the keys of the secrets in it
  restore   FOLDER  puts a backup in the place of the database; nothing is charged before the terminals were asked
  doctor    what is missing on this machine or wrong with what runs, and how to mend it
  help      this list

  --infra auto|native|docker|external   (demo, up, test) where Postgres and RabbitMQ come from; auto takes the first
      that works: a private Postgres and a private RabbitMQ node of this checkout, containers, or servers given by
      KKM_AMQP_URL, KKM_AMQP_MANAGEMENT_URL and KKM_ADMIN_DATABASE_URL.

  KKM_STATE_DIR    where all state lies (default .kkm in the checkout); deleting it starts afresh
  KKM_API_PORT, KKM_KKMSERVER_PORT, KKM_VT_PORT, KKM_AMQP_PORT, KKM_AMQP_MANAGEMENT_PORT, KKM_POSTGRES_PORT, …   fixed instead of free ports

Exit codes: 0 done, 1 failed, 2 not understood, 3 something is missing that only a person can provide.
`;
