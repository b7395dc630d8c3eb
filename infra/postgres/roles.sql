-- A role and a schema of its own for each service, and nothing for anybody else. Run inside the database `kkm` by an
-- administrator; repeatable, so that it also renews passwords. The session gives the passwords before:
--   SET kkm.gateway_password = '…'; SET kkm.ledger_password = '…';
DO $$
DECLARE
  service text;
  role_name text;
BEGIN
  FOREACH service IN ARRAY ARRAY['gateway', 'ledger'] LOOP
    role_name := 'kkm_' || service;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
      EXECUTE format('CREATE ROLE %I', role_name);
    END IF;
    EXECUTE format('ALTER ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD %L',
                   role_name, current_setting('kkm.' || service || '_password'));
    EXECUTE format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', service, role_name);
    EXECUTE format('REVOKE ALL ON SCHEMA %I FROM PUBLIC', service);
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), role_name);
  END LOOP;
  -- PUBLIC may otherwise connect to every database and, before Postgres 15, create tables in schema public.
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  REVOKE ALL ON SCHEMA public FROM PUBLIC;
END
$$;
