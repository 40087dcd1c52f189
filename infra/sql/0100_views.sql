-- The read models: their tables are declared by the projections and made by the view store.
--
-- Here stand only the schema in which they are rebuilt, and when the tables were last written.

CREATE SCHEMA views_next;
GRANT USAGE, CREATE ON SCHEMA views_next TO kette_projector;

-- Tables that hold names in clear are unlogged: in no write-ahead log, in no backup, empty after a crash.
-- So is this one, whose row says that they are filled.

CREATE UNLOGGED TABLE views.standing (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton)
);
GRANT SELECT ON views.standing TO kette_reader;
GRANT SELECT, INSERT ON views.standing TO kette_projector;

CREATE TABLE views.freshness (
    name        text PRIMARY KEY,
    shape       text NOT NULL,
    recorded_at timestamptz,
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT ON views.freshness TO kette_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON views.freshness TO kette_projector;
