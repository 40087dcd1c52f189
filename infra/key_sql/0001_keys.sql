-- The key store: wrapped data keys, the epochs of the keys that wrap them, and what was destroyed.
--
-- It lies in a database of its own, so that no backup of the journal can open the journal.

CREATE TABLE kette.epochs (
    number       int         PRIMARY KEY CHECK (number > 0),
    fingerprint  bytea       NOT NULL,
    made_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    retired_at   timestamptz,
    destroyed_at timestamptz CHECK (destroyed_at IS NULL OR retired_at IS NOT NULL)
);

-- Which journal the keys are of, and the secret of its digests and pseudonyms.

CREATE TABLE kette.store (
    singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
    tenant    uuid    NOT NULL,
    epoch     int     NOT NULL REFERENCES kette.epochs,
    secret    bytea   NOT NULL
);

CREATE TABLE kette.data_keys (
    id         uuid  PRIMARY KEY,
    journey_id uuid  NOT NULL,
    class      text  NOT NULL,
    epoch      int   NOT NULL REFERENCES kette.epochs,
    wrapped    bytea NOT NULL,
    UNIQUE (journey_id, class)
);
CREATE INDEX ON kette.data_keys (epoch);

CREATE TABLE kette.destroyed (
    seq          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    key_id       uuid        NOT NULL UNIQUE,
    journey_id   uuid        NOT NULL,
    class        text        NOT NULL,
    destroyed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (journey_id, class)
);

-- A key that is deleted is destroyed, whoever deletes it: it is written down and never made again. Numbers are
-- given in the order of commits: whoever has seen one will never find a lower one later.

CREATE FUNCTION kette.write_down() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1684304244);
    INSERT INTO kette.destroyed (key_id, journey_id, class) VALUES (OLD.id, OLD.journey_id, OLD.class);
    RETURN OLD;
END $$;

CREATE FUNCTION kette.keep_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.journey_id, NEW.class) IS DISTINCT FROM (OLD.id, OLD.journey_id, OLD.class) THEN
        RAISE EXCEPTION 'a data key is only wrapped anew' USING ERRCODE = 'KT002';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION kette.forbid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on %.% is forbidden', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'KT002';
END $$;

CREATE TRIGGER write_down BEFORE DELETE ON kette.data_keys FOR EACH ROW EXECUTE FUNCTION kette.write_down();
CREATE TRIGGER keep BEFORE UPDATE ON kette.data_keys FOR EACH ROW EXECUTE FUNCTION kette.keep_key();
CREATE TRIGGER forbid BEFORE TRUNCATE ON kette.data_keys EXECUTE FUNCTION kette.forbid();
CREATE TRIGGER forbid BEFORE UPDATE OR DELETE OR TRUNCATE ON kette.destroyed EXECUTE FUNCTION kette.forbid();

-- Keep the keys that are offered for journeys which have none, and return what the journeys have: their
-- keys, and with no wrapped key those that were destroyed. An epoch that was retired wraps nothing more.
-- It asks by index whatever the planner believes: a plan that was made while the tables were small would read
-- all of them for every new journey, until they are analysed.

CREATE FUNCTION kette.take(
    offered uuid[], journeys uuid[], classes text[], wrapping int, wraps bytea[]
) RETURNS TABLE (id uuid, journey_id uuid, class text, epoch int, wrapped bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    PERFORM FROM kette.epochs e WHERE e.number = wrapping AND e.retired_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'epoch % is retired', wrapping USING ERRCODE = 'KT010';
    END IF;
    INSERT INTO kette.data_keys
    SELECT o.id, o.journey, o.class, wrapping, o.wrapped
      FROM unnest(offered, journeys, classes, wraps) AS o (id, journey, class, wrapped)
     WHERE NOT EXISTS (SELECT FROM kette.data_keys k WHERE k.journey_id = o.journey AND k.class = o.class)
       AND NOT EXISTS (SELECT FROM kette.destroyed d WHERE d.journey_id = o.journey AND d.class = o.class)
     ORDER BY o.journey, o.class
        ON CONFLICT DO NOTHING;
    RETURN QUERY
    SELECT k.id, k.journey_id, k.class, k.epoch, k.wrapped
      FROM kette.data_keys k WHERE k.journey_id = ANY (journeys)
     UNION ALL
    SELECT d.key_id, d.journey_id, d.class, 0, NULL
      FROM kette.destroyed d WHERE d.journey_id = ANY (journeys);
END $$;

DO $$
DECLARE
    membership CONSTANT text := CASE WHEN current_setting('server_version_num')::int < 160000
                                     THEN 'MEMBER' ELSE 'SET' END;
BEGIN
    BEGIN
        CREATE ROLE kette_keeper NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    IF NOT pg_has_role(current_user, 'kette_keeper', membership) THEN
        GRANT kette_keeper TO current_user;
    END IF;
END $$;

GRANT USAGE ON SCHEMA kette TO kette_keeper;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA kette FROM PUBLIC;
GRANT EXECUTE ON FUNCTION kette.take TO kette_keeper;
GRANT SELECT ON kette.epochs, kette.store, kette.data_keys, kette.destroyed TO kette_keeper;
