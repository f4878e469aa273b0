-- Tokens of programs: a token may what its account may, and at most what its role, study and site include.
create table api_token (
    digest   text primary key, -- SHA-256 of the token, which is stored nowhere
    username text        not null,
    name     text        not null,
    role     text        not null,
    study    text        not null,
    site     text        not null,
    created  timestamptz not null,
    until    timestamptz not null,
    unique (username, name)
);
