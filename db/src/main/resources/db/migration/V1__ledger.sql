-- The ledger: what is true and lasts. Bytes are in the object store under their SHA-256;
-- Temporal only executes. Every row that a person owns has a project.

create table project (
  id          text primary key,
  created_at  timestamptz not null default now()
);
insert into project (id) values ('default');

-- A recipe in the form that was submitted, and its canonical form; identity is the digest of the latter.
create table recipe (
  digest     char(64) primary key,
  name       text not null,
  canonical  jsonb not null,
  source     text not null,
  created_at timestamptz not null default now()
);

create table run (
  id                text primary key,
  project_id        text not null references project,
  name              text not null,
  recipe_digest     char(64) not null references recipe,
  status            text not null check (status in
                      ('queued', 'running', 'cancelling', 'succeeded', 'failed', 'cancelled')),
  -- A branch or rerun names its parent; a branch also names its checkpoint, a rerun its stage.
  parent_run        text references run,
  branch_stage      text,
  branch_step       bigint,
  branch_checkpoint char(64),
  rerun_from        text,
  overrides         jsonb not null default '{}',
  model             jsonb not null,
  created_by        text not null,
  created_at        timestamptz not null default now(),
  started_at        timestamptz,
  finished_at       timestamptz,
  failure_class     text,
  failure_message   text,
  -- Denormalised for the list of runs, which may touch no other large table.
  stages_total      int not null,
  stages_done       int not null default 0,
  check (branch_checkpoint is null or (parent_run is not null and branch_stage is not null)),
  check (rerun_from is null or parent_run is not null)
);
create index run_newest on run (project_id, created_at desc, id desc);
create index run_unfinished on run (created_at) where status in ('queued', 'running', 'cancelling');
create index run_children on run (parent_run) where parent_run is not null;

-- Runs that a workflow must still be started for. Deleted when Temporal has accepted the start.
create table run_outbox (
  run_id     text primary key references run,
  created_at timestamptz not null default now()
);

create table stage (
  id              bigint generated always as identity primary key,
  run_id          text not null references run,
  name            text not null,
  kind            text not null,
  position        int not null,
  pool            text not null,
  seed            bigint not null,
  parameters      jsonb not null,
  -- Names of the stages that must be done before this one, and in which role their outputs enter:
  -- {"role": {"stage": "curate", "output": "tokenizer", "step": null}}
  inputs          jsonb not null,
  status          text not null check (status in
                    ('waiting', 'running', 'succeeded', 'reused', 'failed', 'cancelled')),
  fingerprint     char(64),
  -- 'fingerprint': any committed stage with the same one; 'pinned': the parent run's stage that
  -- reused_from already names; 'never': a person asked for it to run again.
  reuse           text not null default 'fingerprint'
                    check (reuse in ('fingerprint', 'pinned', 'never')),
  reused_from     bigint references stage,
  -- The checkpoint that a branched stage continues from, and its step.
  start_checkpoint char(64),
  start_step      bigint,
  code_version    text,
  started_at      timestamptz,
  finished_at     timestamptz,
  failure_class   text,
  failure_message text,
  total_steps     bigint,
  current_step    bigint,
  tokens_per_second double precision,
  epoch           int not null default 0,
  unique (run_id, name)
);
create index stage_reuse on stage (fingerprint) where status = 'succeeded';

create table attempt (
  id            bigint generated always as identity primary key,
  stage_id      bigint not null references stage,
  epoch         int not null,
  status        text not null check (status in
                  ('running', 'succeeded', 'failed', 'cancelled', 'fenced')),
  worker        text not null,
  device        text,
  started_at    timestamptz not null default now(),
  last_heard_at timestamptz not null default now(),
  ended_at      timestamptz,
  -- The step that this attempt continued from; null when it began at the beginning.
  resumed_from  bigint,
  environment   jsonb not null default '{}',
  failure_class text,
  failure_message text,
  unique (stage_id, epoch)
);

create table artifact (
  id          char(64) primary key,
  kind        text not null,
  manifest    text not null,
  total_size  bigint not null,
  file_count  int not null,
  properties  jsonb not null,
  created_at  timestamptz not null default now()
);

create table artifact_file (
  artifact_id char(64) not null references artifact,
  path        text not null,
  size        bigint not null,
  sha256      char(64) not null,
  primary key (artifact_id, path)
);
create index artifact_file_object on artifact_file (sha256);

create table stage_output (
  stage_id    bigint not null references stage,
  name        text not null,
  artifact_id char(64) not null references artifact,
  primary key (stage_id, name)
);
create index stage_output_artifact on stage_output (artifact_id);

-- Checkpoints of a stage as they were committed, also those inside it.
create table checkpoint (
  stage_id    bigint not null references stage,
  step        bigint not null,
  tokens      bigint not null,
  artifact_id char(64) not null references artifact,
  attempt_id  bigint not null references attempt,
  final       boolean not null default false,
  created_at  timestamptz not null default now(),
  primary key (stage_id, step)
);
create index checkpoint_artifact on checkpoint (artifact_id);

-- src was read to make dst.
create table edge (
  src      char(64) not null references artifact,
  dst      char(64) not null references artifact,
  role     text not null,
  stage_id bigint not null references stage,
  primary key (dst, src, role, stage_id)
);
create index edge_forward on edge (src, dst);

create table metric (
  stage_id bigint not null references stage,
  name     text not null,
  step     bigint not null,
  value    double precision not null,
  at       timestamptz not null default now(),
  primary key (stage_id, name, step)
);

create table evaluation (
  stage_id       bigint not null references stage,
  checkpoint_id  char(64) not null references artifact,
  task           text not null,
  metric         text not null,
  value          double precision not null,
  standard_error double precision not null,
  samples        int not null,
  higher_is_better boolean not null,
  primary key (stage_id, task, metric)
);
create index evaluation_checkpoint on evaluation (checkpoint_id);

-- What happened in a run, for people; the sequence drives the live stream.
create table event (
  seq     bigint generated always as identity primary key,
  run_id  text not null references run,
  stage   text,
  level   text not null check (level in ('info', 'warning', 'error')),
  message text not null,
  at      timestamptz not null default now()
);
create index event_of_run on event (run_id, seq);

create table worker (
  id            text primary key,
  pool          text not null,
  host          text not null,
  pid           bigint not null,
  devices       jsonb not null,
  -- Kind of stage → version of the code that would do its work; part of a stage's fingerprint.
  kinds         jsonb not null,
  started_at    timestamptz not null default now(),
  last_heard_at timestamptz not null default now(),
  doing         text
);

-- Append only; hash = SHA-256(prev_hash || canonical row).
create table audit_event (
  seq       bigint primary key,
  at        timestamptz not null,
  actor     text not null,
  action    text not null,
  subject   text not null,
  detail    text not null,
  prev_hash char(64) not null,
  hash      char(64) not null unique
);

create table api_token (
  id         text primary key,
  name       text not null,
  hash       char(64) not null unique,
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);

create table idempotency_key (
  key          text not null,
  actor        text not null,
  request_hash char(64) not null,
  status       int,
  response     text,
  created_at   timestamptz not null default now(),
  primary key (actor, key)
);
