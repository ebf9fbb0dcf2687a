-- Whose result a stage shows: its own, or that of the stage that stands in for it. A pinned stage
-- names the stage that may stand in from the beginning, so reused_from alone does not say.
create view stage_result as
  select id as stage_id,
         case when status = 'reused' then reused_from end as original_id,
         case when status = 'reused' then coalesce(reused_from, id) else id end as made_by
  from stage;
