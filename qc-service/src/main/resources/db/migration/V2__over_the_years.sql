-- Numbers and headers of every measured image, to judge later ones by. A definition's versions stand side by side.
create table trend_value (
    accession text             not null,
    scan      text             not null,
    stem      text             not null,
    metric    text             not null,
    version   text             not null,
    study     text             not null,
    site      text             not null,
    tag       text             not null,
    scanner   text             not null,
    software  text             not null,
    coil      text             not null,
    content   text             not null,
    day       date             not null,
    value     double precision not null,
    level     text             not null,
    primary key (accession, scan, stem, metric, version)
);
create index trend_of_stratum on trend_value (study, site, tag, metric, version, scanner, software, coil, day);

create table header_value (
    accession text not null,
    scan      text not null,
    stem      text not null,
    study     text not null,
    site      text not null,
    tag       text not null,
    scanner   text not null,
    day       date not null,
    header    text not null,
    primary key (accession, scan, stem)
);
create index header_over_time on header_value (study, site, tag, scanner, day);

-- What was said of alarms; about names what was judged: one history of one metric, or one image's header.
create table alarm (
    identity text   primary key,
    about    text   not null,
    revision bigint not null,
    event    text   not null
);
create index alarm_about on alarm (about);
