-- What attempts said, in pieces that follow each other; the oldest pieces of a long log are deleted.
-- Lines are numbered from 1 in each attempt, so that the numbers say how many are gone.
create table log_chunk (
  attempt_id bigint not null references attempt,
  first_line bigint not null,
  lines      int not null,
  text       text not null,
  primary key (attempt_id, first_line)
);
