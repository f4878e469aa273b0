-- Every list and every search by an exact id goes through an index.
create index session_unnamed on session (last_said desc) where not named;
create index session_incomplete on session (last_said desc) where checked and not complete;
create index session_reopened on session (last_said desc) where review = 'STALE';
create index session_by_accession on session (accession);
create index fact_by_uid on fact ((payload ->> 'uid')) where topic = 'series-discovered';
create index fact_by_export_run on fact ((payload ->> 'runKey')) where topic = 'series-exported';
create index fact_by_pipeline_run on fact ((payload ->> 'runKey')) where topic = 'pipeline-updated';
