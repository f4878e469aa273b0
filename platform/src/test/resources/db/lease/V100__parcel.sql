create table parcel (
    id          text primary key,
    due         boolean not null,
    note        text,
    lease_owner text,
    lease_until timestamptz
);
