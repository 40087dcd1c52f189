-- Consumer groups: how far each has read the topic, which version of each journey it holds, and what is
-- parked. It is written in the transaction of the rows, so that both always tell the same.
--
-- The tables of the group live in schema streamed, in the shape of those in views. A partition's
-- generation is the fencing token: whoever takes a partition over raises it, and a member that still
-- holds an older one can write nothing more.

CREATE SCHEMA streamed;
CREATE SCHEMA streamed_next;
GRANT USAGE ON SCHEMA streamed TO kette_reader;
GRANT USAGE, CREATE ON SCHEMA streamed, streamed_next TO kette_projector;

-- Says of which groups the unlogged tables are filled; empty after a crash, as they are.

CREATE UNLOGGED TABLE streamed.standing (group_name text PRIMARY KEY);
GRANT SELECT ON streamed.standing TO kette_reader;
GRANT SELECT, INSERT ON streamed.standing TO kette_projector;

CREATE TABLE kette.streamed_groups (
    name     text        PRIMARY KEY,
    topic    text        NOT NULL,
    topic_id uuid        NOT NULL,
    epoch    uuid        NOT NULL,
    shape    text        NOT NULL,
    built_to bigint      NOT NULL,
    built_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE kette.streamed_tables (
    projection text PRIMARY KEY,
    group_name text NOT NULL REFERENCES kette.streamed_groups ON DELETE CASCADE
);

CREATE TABLE kette.streamed_places (
    group_name  text   NOT NULL REFERENCES kette.streamed_groups ON DELETE CASCADE,
    partition   int    NOT NULL,
    next_offset bigint NOT NULL,
    generation  bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (group_name, partition)
) WITH (fillfactor = 10);

CREATE TABLE kette.streamed_journeys (
    group_name text   NOT NULL REFERENCES kette.streamed_groups ON DELETE CASCADE,
    journey_id uuid   NOT NULL,
    version    bigint NOT NULL,
    PRIMARY KEY (group_name, journey_id)
) WITH (fillfactor = 70);

-- What waits behind a park, in the order of the topic: the record as it came, with its coordinates.

CREATE TABLE kette.parked (
    place      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    group_name text        NOT NULL REFERENCES kette.streamed_groups ON DELETE CASCADE,
    journey_id uuid        NOT NULL,
    version    bigint      NOT NULL,
    reason     text        NOT NULL,
    partition  int         NOT NULL,
    "offset"   bigint      NOT NULL,
    key        bytea       NOT NULL,
    value      bytea       NOT NULL,
    names      text[]      NOT NULL,
    headers    bytea[]     NOT NULL,
    parked_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (group_name, journey_id, version)
);

GRANT SELECT ON kette.streamed_groups, kette.streamed_tables, kette.streamed_places,
    kette.streamed_journeys, kette.parked TO kette_reader;
GRANT SELECT, INSERT, UPDATE, DELETE ON kette.streamed_groups, kette.streamed_tables,
    kette.streamed_places, kette.streamed_journeys, kette.parked TO kette_projector;
