-- Work on images that was begun and has not ended: a row that outlives its process counts the workers that an image has cost.
create table qc_begun (
    accession text not null,
    scan      text not null,
    stem      text not null,
    times     int  not null,
    primary key (accession, scan, stem)
);
