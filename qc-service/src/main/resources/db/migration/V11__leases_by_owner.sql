-- Leases are renewed and given back by their owner; few rows have one at a time.
create index qc_result_by_lease_owner on qc_result (lease_owner) where lease_owner is not null;
