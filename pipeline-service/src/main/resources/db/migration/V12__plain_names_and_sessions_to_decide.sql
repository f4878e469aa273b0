-- The last published decisions have a plain name.
alter table said rename to published_decision;

-- Sessions to which changed rules are to be applied are a queue as jobs are: one worker at a time has one.
alter table pipeline_session add column lease_owner text;
alter table pipeline_session add column lease_until timestamptz;
create index pipeline_session_by_lease_owner on pipeline_session (lease_owner) where lease_owner is not null;
