-- Leases are renewed and given back by their owner; few rows have one at a time.
create index job_by_lease_owner on job (lease_owner) where lease_owner is not null;
