-- Attempts at one stage may run different code; the stage's own column holds the newest attempt's.
alter table attempt add column code_version text;
