-- The journal: one head row, the events, the commands, and the functions that append.
--
-- Positions are dense and given in commit order because every append holds the one row of log_head
-- to the end of its transaction. The layout of events.header is docs/reference/journal-format.md.

CREATE TABLE kette.log_head (
    singleton        boolean     PRIMARY KEY DEFAULT true CHECK (singleton),
    position         bigint      NOT NULL DEFAULT 0,
    last_recorded_at timestamptz NOT NULL DEFAULT '-infinity',
    epoch            uuid        NOT NULL DEFAULT gen_random_uuid(),
    tenant           uuid        NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    state            text        NOT NULL DEFAULT 'empty' CHECK (state IN ('empty', 'loading', 'open'))
) WITH (fillfactor = 10);

INSERT INTO kette.log_head DEFAULT VALUES;

CREATE TABLE kette.events (
    position   bigint PRIMARY KEY,
    journey_id uuid   NOT NULL,
    version    bigint NOT NULL,
    class      text   NOT NULL CHECK (octet_length(class) BETWEEN 1 AND 32),
    header     bytea  NOT NULL CHECK (octet_length(header) = 233),
    ciphertext bytea,
    leaf       bytea  NOT NULL,
    UNIQUE (journey_id, version)
);
ALTER TABLE kette.events ALTER COLUMN header SET STORAGE PLAIN, ALTER COLUMN leaf SET STORAGE PLAIN;

CREATE TABLE kette.commands (
    id             uuid PRIMARY KEY,
    body_hash      bytea,
    first_position bigint,
    n              int  NOT NULL,
    answer         text NOT NULL
);

CREATE TABLE kette.tracking (
    application_name text PRIMARY KEY,
    notification_id  bigint NOT NULL
);

CREATE TABLE kette.checkpoints (
    size      bigint      PRIMARY KEY,
    root      bytea       NOT NULL,
    note      bytea       NOT NULL,
    signed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What was written stays as it was written; only a ciphertext may be blanked, after erasure.

CREATE FUNCTION kette.keep_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.ciphertext IS NOT NULL
       OR (NEW.position, NEW.journey_id, NEW.version, NEW.class, NEW.header, NEW.leaf)
          IS DISTINCT FROM (OLD.position, OLD.journey_id, OLD.version, OLD.class, OLD.header, OLD.leaf)
    THEN
        RAISE EXCEPTION 'events are never changed; only a ciphertext may be blanked' USING ERRCODE = 'KT002';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION kette.forbid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is forbidden', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'KT002';
END $$;

CREATE TRIGGER keep BEFORE UPDATE ON kette.events FOR EACH ROW EXECUTE FUNCTION kette.keep_event();
CREATE TRIGGER forbid BEFORE DELETE OR TRUNCATE ON kette.events EXECUTE FUNCTION kette.forbid();
CREATE TRIGGER forbid BEFORE DELETE OR TRUNCATE OR INSERT ON kette.log_head EXECUTE FUNCTION kette.forbid();
CREATE TRIGGER forbid BEFORE UPDATE OR DELETE OR TRUNCATE ON kette.checkpoints EXECUTE FUNCTION kette.forbid();

-- The versions fit if every journey of the request goes on densely from where it stands.
-- A journey begins at version 1; the library's recorder port also knows journeys that begin at 0.

CREATE FUNCTION kette.versions_fit(journeys uuid[], versions bigint[], first int, last int)
RETURNS boolean LANGUAGE sql AS $$
    SELECT bool_and(CASE
        WHEN before_in_request IS NOT NULL THEN version = before_in_request + 1
        WHEN stored IS NOT NULL            THEN version = stored + 1
        ELSE version IN (0, 1) END)
    FROM (
        SELECT version,
               lag(version) OVER (PARTITION BY journey ORDER BY place) AS before_in_request,
               (SELECT max(e.version) FROM kette.events e WHERE e.journey_id = journey) AS stored
        FROM unnest(journeys[first:last], versions[first:last]) WITH ORDINALITY AS asked (journey, version, place)
    ) AS steps
$$;

-- The functions that run with their owner's rights search pg_temp last: else a caller could put a type
-- of its own in the place of a built-in one, and have its checks run with these rights.

-- Append many independent requests. Request r consists of counts[r] consecutive elements of the five
-- event arrays. One answer each: appended, duplicate (with the first answer), conflict, or refused
-- (the same command id with another body). moments is NULL except when history is loaded.

CREATE FUNCTION kette.write(
    command_ids uuid[], body_hashes bytea[], counts int[], actors uuid[],
    journeys uuid[], versions bigint[], classes text[], ciphertexts bytea[], keys uuid[],
    fingerprint bytea, moments timestamptz[],
    OUT outcomes text[], OUT firsts bigint[], OUT lengths int[]
) LANGUAGE plpgsql AS $$
DECLARE
    head     kette.log_head;
    known    kette.commands;
    place    bigint;
    moment   timestamptz;
    micros   bytea;
    opening  bytea;
    closing  bytea;
    first    int := 1;
    last     int;
    journey  uuid;
    stored   bigint;
    previous bytea;
    header   bytea;
    zeros    CONSTANT bytea := decode(repeat('00', 32), 'hex');
BEGIN
    SELECT * INTO STRICT head FROM kette.log_head FOR UPDATE;
    IF (head.state = 'loading') <> (moments IS NOT NULL) AND head.state <> 'empty' THEN
        RAISE EXCEPTION 'the journal is %', head.state USING ERRCODE = 'KT001';
    END IF;
    place := head.position;
    moment := greatest(clock_timestamp(), head.last_recorded_at);
    micros := int8send((extract(epoch FROM moment) * 1000000)::bigint);
    opening := '\x01'::bytea || uuid_send(head.tenant) || uuid_send(head.epoch);

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
        stored := NULL; previous := NULL;
        SELECT e.version, e.leaf INTO stored, previous
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

        IF moments IS NOT NULL THEN
            IF moments[r] < head.last_recorded_at OR moments[r] > clock_timestamp() OR moments[r] IS NULL THEN
                RAISE EXCEPTION 'recorded_at of a load must not fall back and must not lie ahead'
                    USING ERRCODE = 'KT003';
            END IF;
            moment := moments[r];
            micros := int8send((extract(epoch FROM moment) * 1000000)::bigint);
        END IF;
        head.last_recorded_at := moment;

        outcomes[r] := 'appended'; lengths[r] := counts[r];
        firsts[r] := CASE WHEN counts[r] > 0 THEN place + 1 END;
        closing := uuid_send(command_ids[r]) || uuid_send(actors[r]);
        FOR e IN first .. last LOOP
            place := place + 1;
            IF journeys[e] <> journey THEN
                journey := journeys[e];
                previous := NULL;
                SELECT x.leaf INTO previous FROM kette.events x
                 WHERE x.journey_id = journey ORDER BY x.version DESC LIMIT 1;
            END IF;
            header := opening || int8send(place) || uuid_send(journey) || int8send(versions[e])
                || substr(convert_to(classes[e], 'UTF8') || zeros, 1, 32) || fingerprint || micros
                || coalesce(previous, zeros) || sha256(ciphertexts[e]) || uuid_send(keys[e]) || closing;
            previous := sha256('\x00'::bytea || header);
            INSERT INTO kette.events
            VALUES (place, journey, versions[e], classes[e], header, ciphertexts[e], previous);
        END LOOP;
        INSERT INTO kette.commands VALUES (command_ids[r], body_hashes[r], firsts[r], counts[r], 'appended');
        first := last + 1;
    END LOOP;
    IF first <= cardinality(journeys) THEN
        RAISE EXCEPTION 'the arrays hold more events than the requests' USING ERRCODE = '22023';
    END IF;

    IF place > head.position OR moments IS NOT NULL THEN
        UPDATE kette.log_head SET position = place, last_recorded_at = head.last_recorded_at,
               state = CASE WHEN moments IS NULL THEN 'open' ELSE 'loading' END;
    END IF;
END $$;

CREATE FUNCTION kette.append(
    command_ids uuid[], body_hashes bytea[], counts int[], actors uuid[],
    journeys uuid[], versions bigint[], classes text[], ciphertexts bytea[], keys uuid[], fingerprint bytea,
    OUT outcomes text[], OUT firsts bigint[], OUT lengths int[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT w.outcomes, w.firsts, w.lengths INTO outcomes, firsts, lengths
      FROM kette.write(command_ids, body_hashes, counts, actors, journeys, versions, classes, ciphertexts,
                       keys, fingerprint, NULL) AS w;
END $$;

-- What a command id was answered with before; refused if it came with another body.

CREATE FUNCTION kette.answered(
    command_id uuid, hash bytea, OUT outcome text, OUT first bigint, OUT length int
) LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    known kette.commands;
BEGIN
    SELECT * INTO known FROM kette.commands WHERE id = command_id;
    IF known.body_hash = hash THEN
        outcome := 'duplicate'; first := known.first_position; length := known.n;
    ELSIF FOUND THEN
        outcome := 'refused'; length := 0;
    END IF;
END $$;

-- Load history into an empty journal: every request brings its own recorded_at, never falling back.
-- A load goes on by command id until finish_load() opens the journal for good.

CREATE FUNCTION kette.load(
    command_ids uuid[], body_hashes bytea[], counts int[], actors uuid[],
    journeys uuid[], versions bigint[], classes text[], ciphertexts bytea[], keys uuid[], fingerprint bytea,
    moments timestamptz[],
    OUT outcomes text[], OUT firsts bigint[], OUT lengths int[]
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT w.outcomes, w.firsts, w.lengths INTO outcomes, firsts, lengths
      FROM kette.write(command_ids, body_hashes, counts, actors, journeys, versions, classes, ciphertexts,
                       keys, fingerprint, moments) AS w;
END $$;

CREATE FUNCTION kette.finish_load() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE kette.log_head SET state = 'open' WHERE state = 'loading'
$$;

-- Roles: the writer may only append, the loader only load, the reader only select; the projector
-- reads the journal and keeps the read models with their tracking.

DO $$
DECLARE
    name       text;
    membership CONSTANT text := CASE WHEN current_setting('server_version_num')::int < 160000
                                     THEN 'MEMBER' ELSE 'SET' END;
BEGIN
    FOREACH name IN ARRAY ARRAY['kette_writer', 'kette_loader', 'kette_reader', 'kette_projector'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
        IF NOT pg_has_role(current_user, name, membership) THEN
            EXECUTE format('GRANT %I TO current_user', name);
        END IF;
    END LOOP;
END $$;

CREATE SCHEMA views;
GRANT USAGE ON SCHEMA kette TO kette_writer, kette_loader, kette_reader, kette_projector;
GRANT USAGE ON SCHEMA views TO kette_reader;
GRANT USAGE, CREATE ON SCHEMA views TO kette_projector;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA kette FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kette.append TO kette_writer;
GRANT EXECUTE ON FUNCTION kette.load, kette.finish_load TO kette_loader;
GRANT EXECUTE ON FUNCTION kette.answered TO kette_reader, kette_loader;
GRANT SELECT ON kette.events, kette.log_head, kette.tracking, kette.checkpoints, kette.migrations
    TO kette_reader, kette_projector;
GRANT INSERT, UPDATE, DELETE ON kette.tracking TO kette_projector;
ALTER DEFAULT PRIVILEGES IN SCHEMA views GRANT SELECT ON TABLES TO kette_reader;
