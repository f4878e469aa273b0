-- By which definitions a result was measured; empty for those of before it was kept. One of an older definition is measured again by
-- whoever claims it; a claim lapses, so that a worker that was killed holds nothing up.
alter table qc_result add column definitions text not null default '';
alter table qc_result add column claimed_until timestamptz;
create index qc_result_definitions on qc_result (definitions);
