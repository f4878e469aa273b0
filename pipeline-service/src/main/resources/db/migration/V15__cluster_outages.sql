-- Clusters of which is published that they do not answer: another process must know what is to be closed.
create table cluster_outage (
    cluster text primary key
);
