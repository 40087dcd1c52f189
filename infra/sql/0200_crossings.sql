-- The second outbox: what was told of gaps and statuses, and how far the clock has come.
--
-- Crossings are written by the clock alone, numbered densely in the order of commits, and never changed:
-- whoever wrote them anew would publish all of them again.

-- A crossing is told once per journey, kind, name, key and day; only what was told and undone since may be
-- told again, in the next round. `undoes` is what a revocation takes back, and the status that a status
-- told anew replaces; nothing is undone twice.

CREATE TABLE kette.crossings (
    seq            bigint      PRIMARY KEY CHECK (seq > 0),
    basis_position bigint      NOT NULL,
    journey_id     uuid        NOT NULL,
    kind           text        NOT NULL CHECK (kind IN ('opened', 'escalated', 'closed', 'revoked', 'status')),
    name           text        NOT NULL,
    key            text        NOT NULL,
    day            date        NOT NULL,
    round          int         NOT NULL CHECK (round >= 0),
    noticed_at     timestamptz NOT NULL,
    told           jsonb       NOT NULL,
    undoes         bigint      UNIQUE REFERENCES kette.crossings CHECK (undoes < seq),
    UNIQUE (journey_id, kind, name, key, day, round),
    CHECK (CASE kind WHEN 'revoked' THEN undoes IS NOT NULL WHEN 'status' THEN true ELSE undoes IS NULL END)
);

CREATE TRIGGER forbid BEFORE UPDATE OR DELETE OR TRUNCATE ON kette.crossings EXECUTE FUNCTION kette.forbid();

-- Where the clock stands: facts up to `position` are noted, the last day that was told is `day`, the last
-- crossing is `seq`, and `program` is the digest of the rules that were applied.

CREATE TABLE kette.clock (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    position  bigint  NOT NULL DEFAULT 0,
    day       date,
    seq       bigint  NOT NULL DEFAULT 0,
    program   text    NOT NULL DEFAULT ''
) WITH (fillfactor = 10);

INSERT INTO kette.clock DEFAULT VALUES;

-- Per journey: the version up to which its facts were considered, and the first day on which something
-- crosses next; -infinity: a fact came since, NULL: nothing ever will by itself.

CREATE TABLE kette.clock_journeys (
    journey_id uuid   PRIMARY KEY,
    version    bigint NOT NULL DEFAULT 0,
    next_day   date
);
CREATE INDEX ON kette.clock_journeys (next_day, journey_id);

CREATE TRIGGER forbid BEFORE INSERT OR DELETE OR TRUNCATE ON kette.clock EXECUTE FUNCTION kette.forbid();
CREATE TRIGGER forbid BEFORE DELETE OR TRUNCATE ON kette.clock_journeys EXECUTE FUNCTION kette.forbid();

GRANT SELECT ON kette.crossings, kette.clock, kette.clock_journeys TO kette_reader, kette_projector;
GRANT INSERT ON kette.crossings TO kette_projector;
GRANT UPDATE ON kette.clock TO kette_projector;
GRANT INSERT, UPDATE ON kette.clock_journeys TO kette_projector;
