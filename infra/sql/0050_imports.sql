-- Imports: which journeys a list told something about. The journal holds all that was imported; this
-- is the way from a list to its journeys, written before the facts, so that it never lacks one.

CREATE TABLE kette.imported (
    list_id    uuid NOT NULL,
    journey_id uuid NOT NULL,
    PRIMARY KEY (list_id, journey_id)
);

GRANT SELECT ON kette.imported TO kette_writer, kette_loader, kette_reader;
GRANT INSERT ON kette.imported TO kette_writer;
