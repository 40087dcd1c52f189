-- The read models: their tables are declared by the projections and made by the view store.
--
-- Here stand only the schema in which they are rebuilt, and when the tables were last written.

CREATE SCHEMA views_next;
GRANT USAGE, CREATE ON SCHEMA views_next TO kette_projector;

CREATE TABLE views.freshness (
    name        text PRIMARY KEY,
    shape       text NOT NULL,
    recorded_at timestamptz,
    updated_at  timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT ON views.freshness TO kette_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON views.freshness TO kette_projector;
