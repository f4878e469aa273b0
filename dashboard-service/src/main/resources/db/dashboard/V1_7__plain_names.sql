-- Columns have the names that the table latest_event has.
alter table timeline_event rename column said to published;
alter table timeline_event rename column sentence to description;
alter table session rename column first_said to first_published;
alter table session rename column last_said to last_published;
alter table alarm rename column said to published;
