-- Which life of a run somebody works on. A ledger that is restored from a backup goes back to an earlier state,
-- and would then give the same row numbers and epochs to other attempts. Backups do not keep this column, so
-- each run that is restored gets another value, and workflows and attempts that show the old one are fenced out.
alter table run add column incarnation uuid not null default gen_random_uuid();
