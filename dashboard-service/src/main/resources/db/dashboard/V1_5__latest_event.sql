-- The table fact is the one that all services have: its rows are kept under that name and shape.
drop table latest_event;
alter table fact rename to latest_event;
alter table latest_event rename column rank1 to major;
alter table latest_event rename column rank2 to minor;
alter table latest_event rename column said to published;
alter table latest_event rename column last_said to last_published;
alter index fact_pkey rename to latest_event_pkey;
alter index fact_of_session rename to latest_event_of_session;
alter index fact_by_uid rename to latest_event_by_uid;
alter index fact_by_export_run rename to latest_event_by_export_run;
alter index fact_by_pipeline_run rename to latest_event_by_pipeline_run;
