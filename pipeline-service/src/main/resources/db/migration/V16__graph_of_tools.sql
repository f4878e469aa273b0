-- Sessions of which something changed that no event has: a run ended, the BIDS dataset was written.
alter table pipeline_session add column again boolean not null default false;
create index pipeline_session_again on pipeline_session (session) where again;

-- Under which study and name the links to the current results of a session were made.
alter table pipeline_session add column linked_as text not null default '';

-- The files of a session in its BIDS dataset, for tools that get the dataset. Sessions that were written before are written again, which
-- changes nothing in the dataset but fills this.
alter table bids_session add column content text not null default '';
update bids_session set wanted = wanted + 1, bulk = true where wanted = written and folder <> '';

-- The newest result of a pipeline of a session that ended well.
create index job_succeeded on job (session, pipeline, id) where state = 'SUCCEEDED';
