-- Imports: which journeys a list told something about. The journal holds all that was imported; this
-- is the way from a list to its journeys, written before the facts, so that it never lacks one.

CREATE TABLE kette.import_namespace (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    id        uuid    NOT NULL DEFAULT gen_random_uuid()
);

INSERT INTO kette.import_namespace DEFAULT VALUES;

CREATE TABLE kette.imported (
    list_id    uuid NOT NULL,
    journey_id uuid NOT NULL,
    PRIMARY KEY (list_id, journey_id)
);

CREATE TRIGGER forbid BEFORE UPDATE OR DELETE OR TRUNCATE ON kette.import_namespace
    EXECUTE FUNCTION kette.forbid();

GRANT SELECT ON kette.import_namespace, kette.imported TO kette_writer, kette_loader, kette_reader;
GRANT INSERT ON kette.imported TO kette_writer;
