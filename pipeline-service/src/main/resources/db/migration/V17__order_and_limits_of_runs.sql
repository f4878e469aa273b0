-- Which queued run is next is decided by study, rule and runner; what a person cancelled is not started again by itself.
alter table job add column study text not null default '';
alter table job add column rule text not null default '';
alter table job add column runner text;
alter table job add column cancelled text;

-- A run of one image has the name of its rule before a colon.
update job set study = coalesce(substring(request from '"study"\s*:\s*"([^"]*)"'), ''), rule = split_part(pipeline, ':', 1);

create index job_by_rule on job (study, rule) where state in ('QUEUED', 'RUNNING');
