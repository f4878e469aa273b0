-- Leases are renewed, and those of an ended process are known by its name. No worker runs now that could hold one.
alter table qc_result rename column claimed_until to lease_until;
alter table qc_result add column lease_owner text;
update qc_result set lease_until = null where lease_until is not null;
