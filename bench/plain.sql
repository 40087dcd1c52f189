-- An append that seals nothing and chains nothing: the same requests, versions, answers and dense positions, and a row
-- that holds the same facts in columns. It replaces the journal's own in a database that is only measured against.

DROP TABLE kette.events CASCADE;

CREATE TABLE kette.events (
    position    bigint      PRIMARY KEY,
    journey_id  uuid        NOT NULL,
    version     bigint      NOT NULL,
    class       text        NOT NULL CHECK (octet_length(class) BETWEEN 1 AND 32),
    fingerprint bytea       NOT NULL,
    recorded_at timestamptz NOT NULL,
    command_id  uuid        NOT NULL,
    actor       uuid        NOT NULL,
    payload     bytea       NOT NULL,
    UNIQUE (journey_id, version)
);

CREATE OR REPLACE FUNCTION kette.write(
    command_ids uuid[], body_hashes bytea[], counts int[], actors uuid[],
    journeys uuid[], versions bigint[], classes text[], ciphertexts bytea[], keys uuid[],
    fingerprint bytea, moments timestamptz[],
    OUT outcomes text[], OUT firsts bigint[], OUT lengths int[]
) LANGUAGE plpgsql AS $$
DECLARE
    head    kette.log_head;
    known   kette.commands;
    place   bigint;
    moment  timestamptz;
    first   int := 1;
    last    int;
    journey uuid;
    stored  bigint;
BEGIN
    SELECT * INTO STRICT head FROM kette.log_head FOR UPDATE;
    place := head.position;
    moment := greatest(clock_timestamp(), head.last_recorded_at);

    FOR r IN 1 .. cardinality(command_ids) LOOP
        IF (counts[r] >= 0 AND body_hashes[r] IS NOT NULL) IS NOT TRUE THEN
            RAISE EXCEPTION 'request % has no body hash or no length', r USING ERRCODE = '22023';
        END IF;
        last := first + counts[r] - 1;
        SELECT * INTO known FROM kette.commands WHERE id = command_ids[r];
        IF FOUND THEN
            IF known.body_hash = body_hashes[r] THEN
                outcomes[r] := 'duplicate'; firsts[r] := known.first_position; lengths[r] := known.n;
            ELSE
                outcomes[r] := 'refused'; firsts[r] := NULL; lengths[r] := 0;
            END IF;
            first := last + 1;
            CONTINUE;
        END IF;

        journey := journeys[first];
        stored := NULL;
        SELECT e.version INTO stored
          FROM kette.events e WHERE e.journey_id = journey ORDER BY e.version DESC LIMIT 1;
        IF counts[r] > 0 AND NOT (CASE
            WHEN counts[r] > 1  THEN kette.versions_fit(journeys, versions, first, last)
            WHEN stored IS NULL THEN versions[first] IN (0, 1)
            ELSE versions[first] = stored + 1 END)
        THEN
            outcomes[r] := 'conflict'; firsts[r] := NULL; lengths[r] := 0;
            first := last + 1;
            CONTINUE;
        END IF;
        head.last_recorded_at := moment;

        outcomes[r] := 'appended'; lengths[r] := counts[r];
        firsts[r] := CASE WHEN counts[r] > 0 THEN place + 1 END;
        FOR e IN first .. last LOOP
            place := place + 1;
            INSERT INTO kette.events
            VALUES (place, journeys[e], versions[e], classes[e], fingerprint, moment, command_ids[r], actors[r],
                    ciphertexts[e]);
        END LOOP;
        INSERT INTO kette.commands VALUES (command_ids[r], body_hashes[r], firsts[r], counts[r], 'appended');
        first := last + 1;
    END LOOP;
    IF first <= cardinality(journeys) THEN
        RAISE EXCEPTION 'the arrays hold more events than the requests' USING ERRCODE = '22023';
    END IF;

    IF place > head.position THEN
        UPDATE kette.log_head SET position = place, last_recorded_at = head.last_recorded_at, state = 'open';
    END IF;
END $$;
