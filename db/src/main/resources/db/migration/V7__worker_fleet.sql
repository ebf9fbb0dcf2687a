-- What a worker is made of, and what people told it to do: 'duty' outlives the worker's restarts.
-- Columns may be empty, for workers of an earlier version go on beside newer ones for a while.
alter table worker
  add column cores      int,
  -- Bytes that the worker and its trainers may use.
  add column memory     bigint,
  add column labels     jsonb not null default '{}',
  -- Digest of all the code that does the pool's work.
  add column version    text,
  add column duty       text not null default 'ready' check (duty in ('ready', 'cordoned', 'drained')),
  add column duty_by    text,
  add column duty_since timestamptz,
  -- When it was ended in good order; null while it lives, and when it was lost.
  add column ended_at   timestamptz;

-- What a worker does now.
create index attempt_of_worker on attempt (worker) where status = 'running';
