-- Counts and filtered lists of runs read an index and no run.
create index run_by_status on run (project_id, status, created_at desc, id desc);

-- A corpus that everything was made from has as many edges as there are checkpoints: the nearest of
-- them are read from the index, in order.
drop index edge_forward;
create index edge_forward on edge (src, dst, role, stage_id);

-- Who made an artifact first is the first of all who show it.
drop index stage_output_artifact;
create index stage_output_artifact on stage_output (artifact_id, stage_id);
drop index checkpoint_artifact;
create index checkpoint_artifact on checkpoint (artifact_id, stage_id, step);
