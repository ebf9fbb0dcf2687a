-- The text that a run was submitted as is the run's own: texts that differ, and texts with and
-- without overrides, can mean one recipe.
alter table run add column source text;
update run set source = recipe.source from recipe where recipe.digest = run.recipe_digest;
alter table run alter column source set not null;
alter table recipe drop column source;
