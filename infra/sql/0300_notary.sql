-- The notary: reads the events back and signs tree heads; why it stopped is kept beside them.

CREATE TABLE kette.refusals (
    at       timestamptz NOT NULL DEFAULT clock_timestamp(),
    position bigint      NOT NULL,
    reason   text        NOT NULL
);

CREATE TRIGGER forbid BEFORE UPDATE OR DELETE OR TRUNCATE ON kette.refusals EXECUTE FUNCTION kette.forbid();

DO $$
DECLARE
    membership CONSTANT text := CASE WHEN current_setting('server_version_num')::int < 160000
                                     THEN 'MEMBER' ELSE 'SET' END;
BEGIN
    BEGIN
        CREATE ROLE kette_notary NOLOGIN;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
    END;
    IF NOT pg_has_role(current_user, 'kette_notary', membership) THEN
        GRANT kette_notary TO current_user;
    END IF;
END $$;

GRANT USAGE ON SCHEMA kette TO kette_notary;
GRANT SELECT ON kette.events, kette.log_head, kette.checkpoints, kette.refusals TO kette_notary;
GRANT INSERT ON kette.checkpoints, kette.refusals TO kette_notary;
GRANT SELECT ON kette.refusals TO kette_reader;
