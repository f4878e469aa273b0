-- The owner of a lease has the same column in all queues.
alter table job rename column owner to lease_owner;
