-- What this schema knows of a person, by their memberships: see platform.export. Codes, and the ids of
-- sessions and tokens, sign in whoever has them: they are left out.
CREATE OR REPLACE FUNCTION identity.export_member(p_members uuid[])
RETURNS TABLE (section text, record text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT * FROM platform.export(p_members,
    'signInCodes', $sql$
      SELECT email, created_at AS "createdAt", expires_at AS "expiresAt", attempts, proved_at AS "provedAt",
             known AS "fromKnownBrowser"
      FROM identity.sign_in_code
      WHERE email_key IN (SELECT lower(normalize(a)) FROM members.proven_addresses_of($1) a)
      ORDER BY created_at, id $sql$,
    'records', $sql$
      SELECT model AS kind, payload ->> 'clientId' AS application, payload ->> 'scope' AS scope,
             to_timestamp((payload ->> 'iat')::bigint) AS "createdAt", expires_at AS "expiresAt",
             consumed_at AS "usedAt"
      FROM identity.oidc_record
      WHERE account_id = ANY ($1::text[])
      ORDER BY expires_at, model, id $sql$);
$$;
GRANT EXECUTE ON FUNCTION identity.export_member(uuid[]) TO coalition_worker;
